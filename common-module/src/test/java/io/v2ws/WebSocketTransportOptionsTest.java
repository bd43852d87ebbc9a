package io.v2ws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.v2ws.WebSocketTransportOptions.EarlyDataMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebSocketTransportOptionsTest {
    private static WebSocketTransportOptions.Builder builder() {
        return WebSocketTransportOptions.builder();
    }

    @Test
    void theDefaultsAreThoseOfTheContract() {
        assertThat(WebSocketTransportOptions.defaults())
                .hasToString("WebSocketTransportOptions"
                        + "[/, {}, 0, , PT15S, PT20S, PT20S, PT5S, PT15S, discard, true, PT5S, PT5S, PT0S, true]");
        assertThat(WebSocketTransportOptions.DEFAULT_FORWARDER_SERVER_FIRST_WAIT)
                .isEqualTo(Duration.ofMillis(300));
    }

    @Test
    void aBuilderFromOptionsChangesNothingOfItsOwn() {
        WebSocketTransportOptions options = builder()
                .path("a?b=c")
                .header("X-One", List.of("1", "2"))
                .maxEarlyData(2048)
                .earlyDataHeaderName("X-Early")
                .handshakeTimeout(Duration.ofSeconds(1))
                .pingInterval(Duration.ofSeconds(2))
                .pongTimeout(Duration.ofSeconds(3))
                .closeTimeout(Duration.ofSeconds(4))
                .closeWriteTimeout(Duration.ofSeconds(6))
                .text(WebSocketTransportOptions.TextMode.DATA)
                .halfClose(false)
                .halfCloseLinger(Duration.ofSeconds(7))
                .resetDelay(Duration.ofSeconds(9))
                .serverFirstWait(Duration.ofSeconds(8))
                .serverFirstLearning(false)
                .build();
        assertThat(options)
                .hasToString(
                        "WebSocketTransportOptions"
                                + "[/a?b=c, {X-One=[1, 2]}, 2048, X-Early, PT1S, PT2S, PT3S, PT4S, PT6S, data, false, PT7S, PT9S, PT8S, false]");
        WebSocketTransportOptions.Builder copy = options.toBuilder();
        assertThat(copy.build()).isEqualTo(options);
        copy.header("x-one", "3").path("/other");
        assertThat(options.path()).isEqualTo("/a?b=c");
        assertThat(options.headers()).containsExactly(Map.entry("X-One", List.of("1", "2")));
    }

    @ParameterizedTest
    @CsvSource({
        "'',/",
        "/,/",
        "tunnel,/tunnel",
        "/tunnel,/tunnel",
        "/a b,/a%20b",
        "/a%20b,/a%20b",
        "?q=1,/?q=1",
        "/\u00e4,/%C3%A4"
    })
    void s1_aPathGetsALeadingSlashAndBecomesLegal(String path, String expected) {
        assertThat(builder().path(path).build().path()).isEqualTo(expected);
    }

    @Test
    void aFragmentIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder().path("/a#b"))
                .withMessageStartingWith("path: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "a:b", "a\r", "\u00e4", "a(b)", "a/b", "\"a\""})
    void aHeaderNameMustBeAToken(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder().header(name, "v"))
                .withMessageStartingWith("headers: ");
        if (!name.isEmpty()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> builder().earlyDataHeaderName(name))
                    .withMessageStartingWith("earlyDataHeaderName: ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nb", "a\nb", "a\rb", "a\0b", "a\u007fb", "a\u001bb"})
    void aHeaderValueHoldsNoControlCharacter(String value) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder().header("X-One", List.of("fine", value)))
                .withMessageStartingWith("headers: ")
                .withMessageContaining("X-One");
        assertThat(builder().header("X-One", "a\tb \u00e4").build().headers().get("X-One"))
                .containsExactly("a\tb \u00e4");
    }

    @Test
    void aHeaderSetAgainInAnyCaseIsReplaced() {
        assertThat(builder().header("Host", "a").header("hOST", "b").build().headers())
                .containsExactly(Map.entry("hOST", List.of("b")));
        assertThat(builder()
                        .header("X-One", "1")
                        .headers(Map.of("X-Two", List.of("2")))
                        .build()
                        .headers())
                .containsExactly(Map.entry("X-Two", List.of("2")));
    }

    @Test
    void headersAreCopiedAndCannotBeChanged() {
        List<String> values = new ArrayList<>(List.of("1"));
        Map<String, List<String>> map = new HashMap<>(Map.of("X-One", values));
        WebSocketTransportOptions options = builder().headers(map).build();
        values.add("2");
        map.clear();
        assertThat(options.headers()).containsExactly(Map.entry("X-One", List.of("1")));
        assertThatThrownBy(() -> options.headers().clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> options.headers().get("X-One").add("3"))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void negativeEarlyDataIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder().maxEarlyData(-1))
                .withMessage("maxEarlyData: expected 0 or more bytes, got -1");
        assertThat(builder().maxEarlyData(Integer.MAX_VALUE).build().maxEarlyData())
                .isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void timesAreChecked() {
        Map<String, BiConsumer<WebSocketTransportOptions.Builder, Duration>> positive = Map.of(
                "handshakeTimeout", (b, d) -> b.handshakeTimeout(d),
                "pongTimeout", (b, d) -> b.pongTimeout(d),
                "closeTimeout", (b, d) -> b.closeTimeout(d),
                "closeWriteTimeout", (b, d) -> b.closeWriteTimeout(d));
        positive.forEach((name, setter) -> {
            for (Duration wrong : List.of(Duration.ZERO, Duration.ofMillis(-1))) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> setter.accept(builder(), wrong))
                        .withMessageStartingWith(name + ": expected more than zero, got ");
            }
            setter.accept(builder(), Duration.ofNanos(1));
        });
        Map<String, BiConsumer<WebSocketTransportOptions.Builder, Duration>> notNegative = Map.of(
                "pingInterval", (b, d) -> b.pingInterval(d),
                "halfCloseLinger", (b, d) -> b.halfCloseLinger(d),
                "resetDelay", (b, d) -> b.resetDelay(d),
                "serverFirstWait", (b, d) -> b.serverFirstWait(d));
        notNegative.forEach((name, setter) -> {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> setter.accept(builder(), Duration.ofMillis(-1)))
                    .withMessageStartingWith(name + ": expected zero or more, got ");
            setter.accept(builder(), Duration.ZERO);
        });
    }

    @Test
    void s3_aHeaderNameAloneIsHeaderMode() {
        assertThat(builder().build().earlyDataMode()).isEqualTo(EarlyDataMode.NONE);
        assertThat(builder().maxEarlyData(1).build().earlyDataMode()).isEqualTo(EarlyDataMode.PATH);
        assertThat(builder().earlyDataHeaderName("X").build().earlyDataMode()).isEqualTo(EarlyDataMode.HEADER);
        assertThat(builder().maxEarlyData(1).earlyDataHeaderName("X").build().earlyDataMode())
                .isEqualTo(EarlyDataMode.HEADER);
    }

    @Test
    void theSubprotocolIsRecognizedInAnyCase() {
        assertThat(builder()
                        .earlyDataHeaderName("sec-websocket-PROTOCOL")
                        .build()
                        .isEarlyDataInSubprotocol())
                .isTrue();
        assertThat(builder().earlyDataHeaderName("X").build().isEarlyDataInSubprotocol())
                .isFalse();
        assertThat(WebSocketTransportOptions.defaults().isEarlyDataInSubprotocol())
                .isFalse();
    }
}
