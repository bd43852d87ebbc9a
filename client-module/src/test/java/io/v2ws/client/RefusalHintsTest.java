package io.v2ws.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RefusalHintsTest {
    @ParameterizedTest
    @ValueSource(ints = {101, 200, 301, 302, 303, 307, 308, 400, 401, 403, 404, 414, 426, 429, 431, 502, 503, 504})
    void usualRefusalsHaveAHint(int status) {
        assertThat(RefusalHints.forStatus(status)).isNotBlank();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 204, 405, 500, 599})
    void othersHaveNone(int status) {
        assertThat(RefusalHints.forStatus(status)).isEmpty();
    }

    @Test
    void proxyThatWantsCredentialsHasOne() {
        assertThat(RefusalHints.forProxyStatus(407)).contains("password");
        assertThat(RefusalHints.forProxyStatus(502)).isEmpty();
    }

    @Test
    void exceptionTellsStatusReasonAndHint() {
        HandshakeException refusal = new HandshakeException(404, "Not Found", RefusalHints.forStatus(404), null);
        assertThat(refusal)
                .hasMessage("WebSocket upgrade refused: 404 Not Found (" + RefusalHints.forStatus(404) + ")");
        assertThat(new HandshakeException(0, "garbage", "", null)).hasMessage("WebSocket upgrade refused: garbage");
        assertThat(new HandshakeException(500, "\u001b[2J\r\nx", "", null).getMessage())
                .doesNotContain("\u001b", "\r", "\n");
    }
}
