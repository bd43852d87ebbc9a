package io.v2ws.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RefusalHintsTest {
    @ParameterizedTest
    @ValueSource(ints = {101, 200, 301, 302, 303, 307, 308, 400, 401, 403, 404, 414, 426, 429, 431, 501, 502, 503, 504})
    void usualRefusalsHaveAHint(int status) {
        assertThat(RefusalHints.forStatus(status, false)).isNotBlank();
    }

    @ParameterizedTest
    @ValueSource(ints = {520, 521, 522, 523, 524, 525, 526, 527, 530})
    void cloudflaresOwnStatusHasASentenceThatNamesIt(int status) {
        assertThat(RefusalHints.forStatus(status, false)).contains("Cloudflare");
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 404})
    void aProxyThatDoesNotPassTheUpgradeOnIsNamed(int status) {
        assertThat(RefusalHints.forStatus(status, false)).contains("Upgrade and Connection");
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 400, 403, 404})
    void earlyDataInThePathIsNamedAsACause(int status) {
        assertThat(RefusalHints.forStatus(status, true)).contains("match PATH*");
        assertThat(RefusalHints.forStatus(status, false)).doesNotContain("match PATH*");
    }

    @Test
    void aProxyThatOffersNoBasicSaysSo() {
        assertThat(RefusalHints.forProxyStatus(
                        407, "HTTP/1.1 407 No\r\nProxy-Authenticate: Negotiate\r\nproxy-authenticate: NTLM\r\n"))
                .contains("NTLM");
    }

    @Test
    void aProxyThatForbidsThePortSaysSo() {
        assertThat(RefusalHints.forProxyStatus(403, "")).contains("443 only");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 204, 405, 500, 599})
    void othersHaveNone(int status) {
        assertThat(RefusalHints.forStatus(status, false)).isEmpty();
    }

    @Test
    void proxyThatWantsCredentialsHasOne() {
        assertThat(RefusalHints.forProxyStatus(
                        407,
                        "HTTP/1.1 407 No\r\nProxy-Authenticate: NTLM\r\nProxy-Authenticate: Basic realm=\"x\"\r\n"))
                .contains("password");
        assertThat(RefusalHints.forProxyStatus(500, "")).isEmpty();
    }

    @Test
    void exceptionTellsStatusReasonAndHint() {
        HandshakeException refusal = new HandshakeException(404, "Not Found", RefusalHints.forStatus(404, false), null);
        assertThat(refusal)
                .hasMessage("WebSocket upgrade refused: 404 Not Found (" + RefusalHints.forStatus(404, false) + ")");
        assertThat(new HandshakeException(0, "garbage", "", null)).hasMessage("WebSocket upgrade refused: garbage");
        assertThat(new HandshakeException(500, "\u001b[2J\r\nx", "", null).getMessage())
                .doesNotContain("\u001b", "\r", "\n");
    }
}
