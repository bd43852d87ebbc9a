package io.v2ws.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.v2ws.internal.net.TrustedProxy;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientAddressResolverTest {
    private static final InetSocketAddress PROXY = new InetSocketAddress("10.0.0.1", 5_000);

    private static InetSocketAddress resolve(
            InetSocketAddress peer, Map<String, List<String>> headers, String... trusted) {
        return new ClientAddressResolver(
                        Stream.of(trusted).map(TrustedProxy::parse).toList())
                .resolve(peer, name -> headers.getOrDefault(name, List.of()));
    }

    private static InetSocketAddress forwardedFor(String hops) {
        return resolve(PROXY, Map.of("X-Forwarded-For", List.of(hops)), "10.0.0.0/8");
    }

    @Test
    void withoutTrustedProxiesThePeerIsTheClient() {
        assertThat(resolve(PROXY, Map.of("X-Forwarded-For", List.of("192.0.2.1"))))
                .isSameAs(PROXY);
    }

    @Test
    void withoutHeadersThePeerIsTheClient() {
        assertThat(resolve(PROXY, Map.of(), "10.0.0.0/8")).isSameAs(PROXY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.0/8", "0.0.0.0/0", "10.0.0.1", "10.0.0.0/31"})
    void peerInsideABlockIsTrusted(String block) {
        assertThat(resolve(PROXY, Map.of("X-Forwarded-For", List.of("11.0.0.1")), block)
                        .getAddress()
                        .getHostAddress())
                .isEqualTo("11.0.0.1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.2/31", "11.0.0.0/8", "::/0", "10.0.0.2"})
    void peerOutsideTheBlockIsNot(String block) {
        assertThat(resolve(PROXY, Map.of("X-Forwarded-For", List.of("192.0.2.1")), block))
                .isSameAs(PROXY);
    }

    /** RFC 7239, 4. */
    @ParameterizedTest
    @CsvSource(
            delimiterString = " -> ",
            quoteCharacter = '\0',
            value = {
                "for=192.0.2.1 -> 192.0.2.1",
                "proto=https;For=\"192.0.2.1:80\";by=x -> 192.0.2.1",
                "for=192.0.2.1;by=\"x, for=192.0.2.9\" -> 192.0.2.1",
                "for=192.0.2.1;by=\"x;for=192.0.2.9\" -> 192.0.2.1",
                "for=192.0.2.1;by=\"a\\\", for=192.0.2.9\" -> 192.0.2.1",
                "for=\"1\\92.0.2.1\" -> 192.0.2.1",
                "for=192.0.2.9, for=192.0.2.1 -> 192.0.2.1",
                "for=192.0.2.9,;for=192.0.2.1 -> 192.0.2.1",
                "for=192.0.2.1, for=\"192.0.2.9 -> 10.0.0.1",
                "for=192.0.2.1 192.0.2.9 -> 10.0.0.1",
                "for = 192.0.2.1 -> 10.0.0.1",
                "by=x -> 10.0.0.1"
            })
    void s13_forwardedIsReadByItsGrammar(String header, String client) {
        assertThat(resolve(PROXY, Map.of("Forwarded", List.of(header)), "10.0.0.0/8")
                        .getAddress()
                        .getHostAddress())
                .isEqualTo(client);
    }

    @Test
    void trustedPeerByIpv6() {
        InetSocketAddress peer = new InetSocketAddress("2001:db8::1", 5_000);
        InetSocketAddress client =
                resolve(peer, Map.of("Forwarded", List.of("for=\"[2001:db9::1]:80\"")), "2001:db8::/32");
        assertThat(client).isEqualTo(new InetSocketAddress("2001:db9::1", 80));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "192.0.2.1|192.0.2.1|0",
                " 192.0.2.1 |192.0.2.1|0",
                "192.0.2.1:1|192.0.2.1|1",
                "192.0.2.1:65535|192.0.2.1|65535",
                "\"192.0.2.1:80\"|192.0.2.1|80",
                "::ffff:192.0.2.1|192.0.2.1|0",
                "[2001:db8::1]|2001:db8:0:0:0:0:0:1|0",
                "[2001:db8::1]:65535|2001:db8:0:0:0:0:0:1|65535",
                "192.0.2.2,192.0.2.1|192.0.2.1|0",
                "192.0.2.1,10.255.0.1|192.0.2.1|0",
                "192.0.2.1,10.255.0.1:99|192.0.2.1|0"
            })
    void hopIsRead(String hops, String address, int port) {
        InetSocketAddress client = forwardedFor(hops);
        assertThat(client.getAddress().getHostAddress()).isEqualTo(address);
        assertThat(client.getPort()).isEqualTo(port);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "unknown",
                "_gazonk",
                "",
                " ",
                "192.0.2.1:",
                "192.0.2.1:65536",
                "192.0.2.1:-1",
                "192.0.2.1:99999999999",
                "192.0.2.256",
                "192.0.2",
                "0x7f.1",
                "3221225985",
                "example.com",
                "[2001:db8::1",
                "[2001:db8::1]:x",
                "[]:80",
                "[",
                "]",
                ":",
                "::g",
                "fe80::1%eth0",
                "192.0.2.1 192.0.2.2"
            })
    void whatIsNoAddressEndsTheSearch(String hop) {
        assertThat(forwardedFor(hop)).isSameAs(PROXY);
        assertThat(forwardedFor("192.0.2.1, " + hop + ", 10.9.9.9").getAddress().getHostAddress())
                .isEqualTo("10.9.9.9");
    }

    @Test
    void trustedHopsAloneLeadToTheFirst() {
        assertThat(forwardedFor("10.3.3.3, 10.2.2.2, 10.1.1.1").getAddress().getHostAddress())
                .isEqualTo("10.3.3.3");
    }

    @Test
    void contradictionOfTheTwoHeadersIsNotDecidedForTheClientsOne() {
        Map<String, List<String>> headers =
                Map.of("Forwarded", List.of("for=203.0.113.9"), "X-Forwarded-For", List.of("192.0.2.1"));
        assertThat(resolve(PROXY, headers, "10.0.0.0/8").getAddress().getHostAddress())
                .isNotEqualTo("203.0.113.9");
    }
}
