package io.v2ws.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.v2ws.WebSocketTransportOptions;
import io.v2ws.testing.CapturedLog;
import io.v2ws.testing.EmbeddedJetty;
import io.v2ws.testing.LeakCheck;
import io.v2ws.testing.RawHandshake;
import io.v2ws.testing.RawWebSocketPeer;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who the client is taken for: S13. */
@ExtendWith(LeakCheck.class)
class ClientAddressRulesTest {
    private static final WebSocketTransportOptions OPTIONS =
            WebSocketTransportOptions.builder().path("/tunnel").build();

    private static FilteredSite trusting(String... blocks) {
        return FilteredSite.start(OPTIONS, filter -> filter.trustedProxies(List.of(blocks)), jetty -> {});
    }

    @Test
    void whoTrustsEverybodyIsWarned() throws Exception {
        try (CapturedLog log = new CapturedLog();
                FilteredSite everybody = trusting("10.0.0.0/8", "0.0.0.0/0")) {
            assertThat(log.text()).contains("WARN").contains("a trusted proxy of /0");
        }
        try (CapturedLog log = new CapturedLog();
                FilteredSite some = trusting("10.0.0.0/8")) {
            assertThat(log.text()).doesNotContain("a trusted proxy of /0");
        }
    }

    private static RawHandshake request(String... namesAndValues) {
        RawHandshake request = RawHandshake.to("/tunnel");
        for (int i = 0; i < namesAndValues.length; i += 2) {
            request.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return request;
    }

    private static InetSocketAddress client(FilteredSite server, RawHandshake request) throws Exception {
        return server.deliver(request).request().clientAddress();
    }

    private static String address(FilteredSite server, String... namesAndValues) throws Exception {
        InetSocketAddress client = client(server, request(namesAndValues));
        assertThat(client.isUnresolved()).isFalse();
        return client.getAddress().getHostAddress();
    }

    @Test
    void s13_clientIsTheSocketsPeer() throws Exception {
        try (FilteredSite server = trusting();
                RawWebSocketPeer peer = server.connect()) {
            InetSocketAddress client = server.deliver(peer, request()).request().clientAddress();
            assertThat(client)
                    .isEqualTo(new InetSocketAddress("127.0.0.1", peer.socket().getLocalPort()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"X-Forwarded-For", "Forwarded", "X-Real-IP", "X-Forwarded-Host"})
    void s13_nobodyIsTrustedByDefault(String header) throws Exception {
        try (FilteredSite server = trusting()) {
            assertThat(address(server, header, header.equals("Forwarded") ? "for=192.0.2.1" : "192.0.2.1"))
                    .isEqualTo("127.0.0.1");
        }
    }

    @Test
    void s13_headerThatIsNamedForAProxyIsBelievedAndTheStandardOnesAreNot() throws Exception {
        try (FilteredSite server = trusting("10.0.0.0/8", "127.0.0.1=CF-Connecting-IP")) {
            assertThat(address(server, "CF-Connecting-IP", "192.0.2.1")).isEqualTo("192.0.2.1");
            assertThat(address(server, "cf-connecting-ip", "2001:db8::1", "X-Forwarded-For", "192.0.2.9"))
                    .isEqualTo("2001:db8:0:0:0:0:0:1");
            assertThat(address(server, "X-Forwarded-For", "192.0.2.9")).isEqualTo("127.0.0.1");
            assertThat(address(server, "X-Real-IP", "192.0.2.9")).isEqualTo("127.0.0.1");
        }
    }

    @Test
    void s13_headerThatIsNamedForAProxyCountsOnlyWithOneAddress() throws Exception {
        try (FilteredSite server = trusting("127.0.0.1=X-Real-IP")) {
            assertThat(address(server, "X-Real-IP", "192.0.2.1", "X-Real-IP", "192.0.2.2"))
                    .isEqualTo("127.0.0.1");
            assertThat(address(server, "X-Real-IP", "192.0.2.1, 192.0.2.2")).isEqualTo("127.0.0.1");
            assertThat(address(server, "X-Real-IP", "unknown")).isEqualTo("127.0.0.1");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1=", "127.0.0.1=X Real", "x=X-Real-IP", "=X-Real-IP", "127.0.0.1/33=X-Real-IP"})
    void trustedProxyWithAWrongAddressOrHeaderIsRefused(String block) {
        assertThatIllegalArgumentException().isThrownBy(() -> trusting(block).close());
    }

    @EnabledOnOs(value = OS.LINUX, disabledReason = "needs 127.0.0.2 on the loopback interface")
    @Test
    void s13_peerOutsideTheTrustedBlocksIsNotBelieved() throws Exception {
        try (FilteredSite server = trusting("127.0.0.1/32", "10.0.0.0/8", "::1");
                Socket socket = new Socket()) {
            socket.bind(new InetSocketAddress("127.0.0.2", 0));
            socket.setSoTimeout(10_000);
            socket.connect(server.jetty().address());
            try (RawWebSocketPeer peer = RawWebSocketPeer.client(socket)) {
                InetSocketAddress client = server.deliver(
                                peer, request("X-Forwarded-For", "192.0.2.1", "Forwarded", "for=192.0.2.1"))
                        .request()
                        .clientAddress();
                assertThat(client).isEqualTo(new InetSocketAddress("127.0.0.2", socket.getLocalPort()));
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "192.0.2.1|192.0.2.1",
                "192.0.2.1:4711|192.0.2.1",
                "2001:db8::1|2001:db8:0:0:0:0:0:1",
                "[2001:db8::1]:4711|2001:db8:0:0:0:0:0:1",
                "203.0.113.9, 192.0.2.1|192.0.2.1",
                "192.0.2.1, 10.1.1.1|192.0.2.1",
                "203.0.113.9, 192.0.2.1, 10.1.1.1, 127.0.0.1|192.0.2.1",
                "10.1.1.1, 10.2.2.2|10.1.1.1",
                "unknown|127.0.0.1",
                "192.0.2.1, unknown|127.0.0.1",
                "192.0.2.1, _hidden, 10.1.1.1|10.1.1.1",
                "localhost|127.0.0.1",
                "1.2.3|127.0.0.1",
                "''|127.0.0.1",
                "','|127.0.0.1"
            })
    void s13_rightmostUntrustedHopOfXForwardedFor(String header, String expected) throws Exception {
        try (FilteredSite server = trusting("127.0.0.0/8", "10.0.0.0/8")) {
            assertThat(address(server, "X-Forwarded-For", header)).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "for=192.0.2.1|192.0.2.1",
                "For=192.0.2.1;proto=https;by=10.0.0.1|192.0.2.1",
                "proto=https; for=\"192.0.2.1:4711\"|192.0.2.1",
                "for=\"[2001:db8::1]:4711\"|2001:db8:0:0:0:0:0:1",
                "for=203.0.113.9, for=192.0.2.1, for=10.1.1.1|192.0.2.1",
                "for=192.0.2.1, by=10.0.0.1|127.0.0.1",
                "for=_hidden|127.0.0.1",
                "for=\"192.0.2.9, for=192.0.2.1|127.0.0.1"
            })
    void s13_rightmostUntrustedHopOfForwarded(String header, String expected) throws Exception {
        try (FilteredSite server = trusting("127.0.0.0/8", "10.0.0.0/8")) {
            assertThat(address(server, "Forwarded", header)).isEqualTo(expected);
        }
    }

    @Test
    void s13_portIsTheHopsIfItSaysOne() throws Exception {
        try (FilteredSite server = trusting("127.0.0.1")) {
            assertThat(client(server, request("X-Forwarded-For", "192.0.2.1:4711"))
                            .getPort())
                    .isEqualTo(4711);
            assertThat(client(server, request("X-Forwarded-For", "192.0.2.1")).getPort())
                    .isZero();
        }
    }

    @Test
    void s13_headersThatComeSeveralTimesAreOneList() throws Exception {
        try (FilteredSite server = trusting("127.0.0.1", "10.0.0.0/8")) {
            assertThat(address(server, "X-Forwarded-For", "203.0.113.9", "X-Forwarded-For", "192.0.2.1, 10.0.0.1"))
                    .isEqualTo("192.0.2.1");
            assertThat(address(server, "Forwarded", "for=203.0.113.9", "Forwarded", "for=192.0.2.1"))
                    .isEqualTo("192.0.2.1");
        }
    }

    /**
     * A proxy writes one of the two headers and hands the other through as the client sent it; which one it writes is
     * not known here. So where they disagree, one of them is the client's invention.
     */
    @Test
    void s13_headerThatTheProxyOnlyHandsThroughIsNotBelieved() throws Exception {
        try (FilteredSite server = trusting("127.0.0.1")) {
            String spoofed = "203.0.113.9";
            assertThat(address(server, "Forwarded", "for=" + spoofed, "X-Forwarded-For", "192.0.2.1"))
                    .isNotEqualTo(spoofed);
            assertThat(address(server, "Forwarded", "for=192.0.2.1", "X-Forwarded-For", spoofed))
                    .isNotEqualTo(spoofed);
        }
    }

    @Test
    void s13_headersThatAgreeAreBelieved() throws Exception {
        try (FilteredSite server = trusting("127.0.0.1")) {
            assertThat(address(server, "Forwarded", "for=192.0.2.1", "X-Forwarded-For", "192.0.2.1"))
                    .isEqualTo("192.0.2.1");
        }
    }

    /** What Jetty returns for a client in the same link: an address with a zone. */
    @Test
    void s13_linkLocalPeerIsNotTakenForTheTrustedLoopback() throws Exception {
        Filter linkLocal = (request, response, chain) -> chain.doFilter(
                new HttpServletRequestWrapper((HttpServletRequest) request) {
                    @Override
                    public String getRemoteAddr() {
                        return "[fe80:0:0:0:0:0:0:1%1]";
                    }
                },
                response);
        RecordingHandler handler = new RecordingHandler();
        WebSocketUpgradeFilter filter = WebSocketUpgradeFilter.builder(OPTIONS, handler)
                .trustedProxies(List.of("127.0.0.1"))
                .build();
        try (var jetty =
                        EmbeddedJetty.builder().filter(linkLocal).filter(filter).start();
                RawWebSocketPeer peer = RawWebSocketPeer.connect(jetty.port())) {
            peer.upgrade(request("X-Forwarded-For", "203.0.113.9"));
            InetAddress client = handler.next().request().clientAddress().getAddress();
            assertThat(client.getHostAddress()).startsWith("fe80:");
            peer.sendClose(1000, "");
            peer.expectClose(1000);
        }
    }
}
