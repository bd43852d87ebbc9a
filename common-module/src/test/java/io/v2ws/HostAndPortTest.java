package io.v2ws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostAndPortTest {

    @ParameterizedTest
    @CsvSource({
        "example.com:443,example.com,443",
        "127.0.0.1:0,127.0.0.1,0",
        "[::1]:65535,::1,65535",
        "[a]:1,a,1",
        "my_ssh:22,my_ssh,22",
        "a.example.:22,a.example.,22",
        "[fe80::1%eth0]:22,fe80::1%eth0,22",
        "h:00080,h,80"
    })
    void hostAndPortAreRead(String text, String host, int port) {
        assertThat(HostAndPort.parse(text)).isEqualTo(new HostAndPort(host, port));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "host",
                "host:",
                ":80",
                "host:65536",
                "host:-1",
                "host:+1",
                "host:http",
                "host:80 ",
                "host:000080",
                "::1",
                "::1:22",
                "[::1]",
                "[::1]22",
                "[]:80",
                "a:b:80",
                "a b:80",
                "127.1:80",
                "-a:80",
                "host:\u0661"
            })
    void anythingElseIsRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HostAndPort.parse(text))
                .withMessageStartingWith("expected ");
    }

    @Test
    void theTextIsWhatIsRead() {
        for (String text : new String[] {"example.com:443", "[::1]:22", "127.0.0.1:8080"}) {
            assertThat(HostAndPort.parse(text)).hasToString(text);
        }
    }

    @Test
    void anInternationalNameIsKeptInAsciiAndShownInBothForms() {
        HostAndPort address = HostAndPort.parse("b\u00fccher.example:22");
        assertThat(address).hasToString("xn--bcher-kva.example:22");
        assertThat(address.toDisplayString()).isEqualTo("xn--bcher-kva.example:22 (b\u00fccher.example)");
        assertThat(HostAndPort.parse("a.example:22").toDisplayString()).isEqualTo("a.example:22");
    }

    @Test
    void theSocketAddressIsLookedUp() {
        var address = HostAndPort.parse("127.0.0.1:8080").toSocketAddress();
        assertThat(address.isUnresolved()).isFalse();
        assertThat(address.getPort()).isEqualTo(8080);
    }
}
