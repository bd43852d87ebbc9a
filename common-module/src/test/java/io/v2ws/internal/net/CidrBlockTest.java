package io.v2ws.internal.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CidrBlockTest {

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8,10.255.255.255,true",
        "10.0.0.0/8,11.0.0.0,false",
        "10.0.0.0/8,9.255.255.255,false",
        "172.16.0.0/12,172.31.255.255,true",
        "172.16.0.0/12,172.32.0.0,false",
        "192.168.1.128/25,192.168.1.128,true",
        "192.168.1.128/25,192.168.1.127,false",
        "0.0.0.0/0,255.1.2.3,true",
        "0.0.0.0/0,::1,false",
        "127.0.0.1,127.0.0.1,true",
        "127.0.0.1,127.0.0.2,false",
        "127.0.0.1/32,127.0.0.0,false",
        "2001:db8::/32,2001:db8:ffff::1,true",
        "2001:db8::/32,2001:db9::,false",
        "2001:db8::/33,2001:db8:8000::,false",
        "::/0,fe80::1,true",
        "::/0,127.0.0.1,false",
        "::1,::1,true",
        "::1/128,::2,false",
        "::/127,::1,true"
    })
    void s13_anAddressLiesInTheBlockOrNot(String block, String address, boolean inside) {
        assertThat(CidrBlock.parse(block).contains(IpLiteral.parse(address))).isEqualTo(inside);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/8",
                "10.0.0.0/",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10.0.0.0/+8",
                "10.0.0.0/8/8",
                "10.0.0.0/x",
                "::1/129",
                "::1/1000",
                "10.0.0/8",
                "localhost",
                "example.com/8",
                "10.0.0.0 /8",
                "999.0.0.0/8",
                "10.0.0.1/8",
                "192.168.1.128/24",
                "2001:db8:8000::/32",
                "::1/0"
            })
    void anythingElseIsRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CidrBlock.parse(text))
                .withMessageStartingWith("expected ")
                .withMessageContaining("\"" + text + "\"");
    }

    @ParameterizedTest
    @CsvSource({"10.0.0.0/8,10.0.0.0/8", "127.0.0.1,127.0.0.1/32", "::1,0:0:0:0:0:0:0:1/128"})
    void theTextIsWhatIsRead(String text, String expected) {
        CidrBlock block = CidrBlock.parse(text);
        assertThat(block).hasToString(expected);
        assertThat(CidrBlock.parse(expected)).isEqualTo(block);
    }
}
