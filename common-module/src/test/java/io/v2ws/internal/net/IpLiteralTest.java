package io.v2ws.internal.net;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpLiteralTest {

    @ParameterizedTest
    @CsvSource({
        "0.0.0.0,0.0.0.0",
        "255.255.255.255,255.255.255.255",
        "192.168.1.10,192.168.1.10",
        "1.20.0.9,1.20.0.9",
        "::,0:0:0:0:0:0:0:0",
        "::1,0:0:0:0:0:0:0:1",
        "2001:DB8::a,2001:db8:0:0:0:0:0:a",
        "::ffff:1.2.3.4,1.2.3.4"
    })
    void anAddressIsRead(String text, String expected) {
        assertThat(IpLiteral.parse(text).getHostAddress()).isEqualTo(expected);
    }

    /** Some of these the JDK would look up, or read as another address. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "localhost",
                "example.com",
                "1",
                "1.2",
                "1.2.3",
                "1.2.3.",
                ".1.2.3",
                "1..2.3",
                "1.2.3.4.5",
                "1.2.3.4.",
                "1,2.3.4",
                "1.2.3.1000",
                "1.2.3.4294967297",
                "00.0.0.0",
                "256.1.1.1",
                "1.2.3.256",
                "01.2.3.4",
                "0x7f.0.0.1",
                "1.2.3.4 ",
                " 1.2.3.4",
                "1.2.3.4:80",
                "-1.2.3.4",
                ":",
                ":::",
                "1::2::3",
                "12345::",
                "fe80::1%eth0",
                "[::1]",
                "::1/128",
                "g::1",
                "\u0661.2.3.4",
                "::1\n"
            })
    void anythingElseIsNoAddress(String text) {
        assertThat(IpLiteral.parse(text)).isNull();
    }
}
