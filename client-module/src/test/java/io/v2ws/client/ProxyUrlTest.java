package io.v2ws.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyUrlTest {
    @ParameterizedTest(name = "{0}")
    @CsvSource(
            nullValues = "none",
            value = {
                "http://proxy:3128,                 false, proxy,     3128, none, none",
                "http://proxy,                      false, proxy,     8080, none, none",
                "HTTP://proxy/,                     false, proxy,     8080, none, none",
                "socks5://proxy,                    true,  proxy,     1080, none, none",
                "socks5h://proxy:1,                 true,  proxy,     1,    none, none",
                "socks5://u:p@proxy,                true,  proxy,     1080, u,    p",
                "http://u@proxy,                    false, proxy,     8080, u,    ''",
                "http://u:@proxy,                   false, proxy,     8080, u,    ''",
                "http://u:p:q@proxy,                false, proxy,     8080, u,    p:q",
                "http://u%40d:p%3A%2F+%25@proxy,    false, proxy,     8080, u@d,  p:/+%",
                "http://u:%C3%BC@proxy,             false, proxy,     8080, u,    ü",
            })
    void partsOfAUrl(String url, boolean socks, String host, int port, String user, String password) {
        assertThat(ProxyUrl.parse(url)).isEqualTo(new ProxyUrl(socks, host, port, user, password));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "proxy:3128",
                "//u:s3cret@proxy",
                "https://u:s3cret@proxy",
                "socks4://u:s3cret@proxy",
                "http://u:s3cret@",
                "http://u:s3cret@pro xy",
                "http://u:s3cret%zz@proxy",
                "http://u:s3cret@proxy:port",
                "http://u:s3cret@proxy:99999",
                "u:s3cret@proxy",
                "u:s3cret@proxy:3128",
                "http://u:s3cret word@proxy",
                "http://u:s3cret'\"x^@proxy",
                "http://u:x@s3cret@proxy",
                "http://DOMAIN\\u:s3cret@proxy",
                "http://u:12/s3cret@proxy",
                "http://u:1#s3cret@proxy",
                "http://u:s3cret^@proxy"
            })
    void otherThingsAreRefusedNamingTheArgumentAndNotThePassword(String url) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ProxyUrl.parse(url))
                .withMessageContaining("proxy:")
                .satisfies(x -> {
                    for (Throwable cause = x; cause != null; cause = cause.getCause()) {
                        assertThat(cause.toString()).doesNotContain("s3cret");
                    }
                });
    }

    @Test
    void textShowsNeitherUserNorPassword() {
        assertThat(ProxyUrl.parse("http://user:s3cret@proxy:3128")).hasToString("http://proxy:3128");
        assertThat(ProxyUrl.parse("socks5://user:s3cret@proxy")).hasToString("socks5://proxy:1080");
    }

    @Test
    void addressLiteralsKeepWorking() {
        assertThat(ProxyUrl.parse("http://[::1]:3128").host()).isIn("::1", "[::1]");
        assertThat(ProxyUrl.parse("http://127.0.0.1:3128").host()).isEqualTo("127.0.0.1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://u:a@b@proxy",
                "http://u:a\\b@proxy",
                "http://D\\u:p@proxy",
                "http://u:a/b@proxy",
                "http://u:a b@proxy",
                "http://u:a%b@proxy"
            })
    void theErrorSaysWhatToWriteInAPassword(String url) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ProxyUrl.parse(url))
                .withMessageContaining(
                        "\"http://…@proxy\"; in a user or password write %40 for @, %3A for :, %5C for \\,");
    }

    @Test
    void theErrorSaysWhatToWriteForAnAddressAlone() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ProxyUrl.parse("proxy:3128"))
                .withMessage("proxy: expected a URL with a scheme, got one without: write http://proxy:3128 or"
                        + " socks5://proxy:3128");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ProxyUrl.parse("u:s3cret@proxy:3128"))
                .withMessageEndingWith("write http://HOST:PORT or socks5://HOST:PORT, with USER:PASSWORD@ before HOST");
    }
}
