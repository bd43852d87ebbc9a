package io.v2ws.internal.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderLineTest {

    @Test
    void linesBecomeHeadersInTheirOrder() {
        assertThat(HeaderLine.parseAll(
                        List.of("Host: example.com", "", " X-One :1 ", "X-Two:", "X-One: 2", "X-Url: http://a:1/")))
                .containsExactly(
                        Map.entry("Host", List.of("example.com")),
                        Map.entry("X-One", List.of("1", "2")),
                        Map.entry("X-Two", List.of("")),
                        Map.entry("X-Url", List.of("http://a:1/")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Host", ": value", "   : value", "Host example.com"})
    void aLineWithoutNameOrColonIsRefused(String line) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HeaderLine.parseAll(List.of("X-One: 1", line)))
                .withMessageContaining("expected \"Name: value\"");
    }

    @Test
    void theMessageIsFitForATerminal() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HeaderLine.parseAll(List.of("x\u001b[31m")))
                .withMessageContaining("\\u001b")
                .satisfies(x -> assertThat(x.getMessage()).doesNotContain("\u001b"));
    }
}
