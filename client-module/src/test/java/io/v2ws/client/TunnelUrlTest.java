package io.v2ws.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.v2ws.WebSocketTransportOptions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TunnelUrlTest {
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "ws://example.com,                 false, example.com, 80,  '',          example.com",
        "wss://example.com,                true,  example.com, 443, '',          example.com",
        "wss://example.com/,               true,  example.com, 443, /,           example.com",
        "WSS://Example.com:443/a,          true,  Example.com, 443, /a,          Example.com",
        "ws://example.com:443/a,           false, example.com, 443, /a,          example.com:443",
        "wss://example.com:80/a,           true,  example.com, 80,  /a,          example.com:80",
        "ws://example.com:80/a,            false, example.com, 80,  /a,          example.com",
        "ws://[2001:db8::1]:8080/a?b=c,    false, 2001:db8::1, 8080, /a?b=c,     [2001:db8::1]:8080",
        "wss://[::1],                      true,  ::1,         443, '',          [::1]",
        "ws://127.0.0.1?x=1,               false, 127.0.0.1,   80,  ?x=1,        127.0.0.1",
        "ws://h/a b%zz|[x],                false, h,           80,  /a b%zz|[x], h",
        "ws://h/a@b:c/d://e,               false, h,           80,  /a@b:c/d://e, h",
        "ws://my_ssh:41010/t,              false, my_ssh,      41010, /t,        my_ssh:41010",
        "wss://_a.b_/t,                    true,  _a.b_,       443, /t,          _a.b_",
        "wss://example.com.:8443/t,        true,  example.com., 8443, /t,        example.com:8443",
        "ws://b\u00fccher.example/t,       false, xn--bcher-kva.example, 80, /t, xn--bcher-kva.example",
    })
    void partsOfAUrl(String url, boolean secure, String host, int port, String target, String authority) {
        TunnelUrl parsed = TunnelUrl.parse(url);
        assertThat(parsed).isEqualTo(new TunnelUrl(secure, host, port, target, null));
        assertThat(parsed.authority()).isEqualTo(authority);
        assertThat(parsed.address().host()).isEqualTo(host);
        assertThat(parsed.address().port()).isEqualTo(port);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "example.com",
                "example.com:80/x",
                "//example.com",
                "http://example.com",
                "https://example.com/",
                "ws:/example.com",
                "ws://",
                "ws:///path",
                "ws://:80/",
                "ws://user:sec ret@example.com/",
                "ws://user:sec%ret@example.com/",
                "ws://127.1/",
                "ws://1234567890/",
                "ws://a..b/",
                "ws://-a.example/",
                "ws://example.com:port/",
                "ws://example.com:99999/",
                "ws://exa mple.com/",
                "ws://[::1/",
                "vless://example.com"
            })
    void otherThingsAreRefusedNamingTheArgument(String url) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TunnelUrl.parse(url))
                .withMessageContaining("url");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "wss://user:secret@exa mple.com/",
                "wss://user:secret^@example.com",
                "wss://user:secret@example.com:port/",
                "wss://user:secret/@example.com/",
                "wss://user:secret?x@example.com/",
                "http://user:secret@example.com/",
                "user:secret@example.com"
            })
    void passwordOfAWrongUrlIsNotShown(String url) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TunnelUrl.parse(url))
                .satisfies(x -> {
                    for (Throwable cause = x; cause != null; cause = cause.getCause()) {
                        assertThat(cause.toString()).doesNotContain("secret");
                    }
                });
    }

    @Test
    void passwordOfAUrlIsNotShown() {
        assertThat(TunnelUrl.parse("wss://user:secret@example.com/t")).hasToString("wss://example.com/t");
    }

    @Test
    void userAndPasswordBesideAnAuthorizationHeaderAreAContradiction() {
        var options = WebSocketTransportOptions.builder()
                .headers(Map.of("authorization", List.of("Bearer x")))
                .build();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TunnelUrl.parse("ws://u:secret@h/t").applyTo(options))
                .withMessage("url: expected no user and password beside a header Authorization");
    }

    @Test
    void pathOfTheUrlGoesIntoTheOptions() {
        WebSocketTransportOptions defaults = WebSocketTransportOptions.defaults();
        WebSocketTransportOptions tunnel = defaults.toBuilder().path("/tunnel").build();
        assertThat(TunnelUrl.parse("ws://h/tunnel?x").applyTo(defaults).path()).isEqualTo("/tunnel?x");
        assertThat(TunnelUrl.parse("ws://h").applyTo(tunnel)).isEqualTo(tunnel);
        assertThat(TunnelUrl.parse("ws://h/").applyTo(tunnel)).isEqualTo(tunnel);
        assertThat(TunnelUrl.parse("ws://h/tunnel").applyTo(tunnel)).isEqualTo(tunnel);
        assertThat(TunnelUrl.parse("ws://h/a b")
                        .applyTo(defaults.toBuilder().path("a%20b").build())
                        .path())
                .isEqualTo("/a%20b");
    }

    @Test
    void twoPathsAreAContradiction() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TunnelUrl.parse("ws://h/other")
                        .applyTo(WebSocketTransportOptions.builder()
                                .path("/tunnel")
                                .build()))
                .withMessageContaining("/other")
                .withMessageContaining("/tunnel");
    }

    @Test
    void fragmentIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TunnelUrl.parse("ws://h/x#fragment").applyTo(WebSocketTransportOptions.defaults()))
                .withMessageContaining("fragment");
    }
}
