package io.v2ws.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.v2ws.WebSocketTransportOptions;
import io.v2ws.testing.LeakCheck;
import io.v2ws.testing.RawHandshake;
import io.v2ws.testing.RawResponse;
import io.v2ws.testing.RawWebSocketPeer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which requests are for the tunnel: S1, S2, S8, S9 and S12. */
@ExtendWith(LeakCheck.class)
class PathRulesTest {

    private static FilteredSite below(String contextPath, String path) {
        return FilteredSite.start(
                WebSocketTransportOptions.builder().path(path).build(),
                filter -> {},
                jetty -> jetty.contextPath(contextPath));
    }

    private static FilteredSite withHosts(String... hosts) {
        return FilteredSite.start(
                WebSocketTransportOptions.builder().path("/tunnel").build(),
                filter -> filter.hosts(List.of(hosts)),
                jetty -> {});
    }

    private static RawHandshake withHost(String host) {
        return RawHandshake.to("/tunnel").set("Host", host);
    }

    @Test
    void s1_configuredPathGetsALeadingSlash() throws Exception {
        try (FilteredSite server = FilteredSite.plain("tunnel")) {
            assertThat(server.deliver(RawHandshake.to("/tunnel")).request().path())
                    .isEqualTo("/tunnel");
        }
    }

    @Test
    void s1_emptyPathMeansRoot() throws Exception {
        try (FilteredSite server = FilteredSite.plain("")) {
            assertThat(server.deliver(RawHandshake.to("/")).request().path()).isEqualTo("/");
            server.assertSiteAnswers("/other");
        }
    }

    @Test
    void s1_pathIsMatchedBelowTheContextPath() throws Exception {
        try (FilteredSite server = below("/app", "/tunnel")) {
            assertThat(server.deliver(RawHandshake.to("/app/tunnel")).request().path())
                    .isEqualTo("/tunnel");
            server.assertSiteAnswers("/app/app/tunnel");
            server.assertSiteAnswers("/app/");
            assertThat(server.refused(RawHandshake.to("/tunnel")).status()).isEqualTo(404);
        }
    }

    @Test
    void s1_rootTunnelBelowAContextPath() throws Exception {
        try (FilteredSite server = below("/app", "")) {
            server.deliver(RawHandshake.to("/app/"));
            server.assertSiteAnswers("/app/x");
        }
    }

    /**
     * Jetty finds the context by the decoded path; what is compared behind it has to stay a path of the right length.
     */
    @ParameterizedTest
    @ValueSource(
            strings = {"/%61pp/tunnel", "/app;x=1/tunnel", "/x/../app/tunnel", "/./app/tunnel", "/%61pp/", "/app;/"})
    void s1_otherSpellingsOfTheContextPathAreNoTunnel(String target) throws Exception {
        try (FilteredSite server = below("/app", "/tunnel")) {
            RawResponse response = server.refused(RawHandshake.to(target));
            assertThat(response.status()).as(response.head()).isIn(200, 400);
        }
    }

    @Test
    void s1_pathIsComparedUndecoded() throws Exception {
        try (FilteredSite server = FilteredSite.plain("/t%61nnel")) {
            server.deliver(RawHandshake.to("/t%61nnel"));
            server.assertSiteAnswers("/tannel");
        }
        try (FilteredSite server = FilteredSite.plain("/tunnel")) {
            server.assertSiteAnswers("/t%75nnel");
        }
    }

    @Test
    void s1_charactersThatARequestLineCannotHoldAreEncoded() throws Exception {
        try (FilteredSite server = FilteredSite.plain("/t\u00fcr und tor")) {
            server.deliver(RawHandshake.to("/t%C3%BCr%20und%20tor"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/tunnelX", "/tunnel/", "/tunne", "/Tunnel", "/", "/tunnel;x=1", "/x/tunnel"})
    void s2_otherPathsAreNoTunnel(String target) throws Exception {
        try (FilteredSite server = FilteredSite.plain("/tunnel")) {
            server.assertSiteAnswers(target);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/tunnel?", "/tunnel?a=b", "/tunnel?a=b&c=%20/?d", "/tunnel?QUJD"})
    void s2_queryIsIgnored(String target) throws Exception {
        try (FilteredSite server = FilteredSite.plain("/tunnel")) {
            assertThat(server.deliver(RawHandshake.to(target)).bytes()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/tunnel", "/tunnel?a=b", "/tunnel?other"})
    void s2_queryInTheConfiguredPathIsIgnoredToo(String target) throws Exception {
        try (FilteredSite server = FilteredSite.plain("/tunnel?a=b")) {
            assertThat(server.deliver(RawHandshake.to(target)).bytes()).isEmpty();
        }
    }

    @Test
    void s8_otherPathsReachTheSiteUntouched() throws Exception {
        try (FilteredSite server = FilteredSite.plain("/tunnel")) {
            server.assertSiteAnswers(RawHandshake.to("/a%20b/c?x=1"), "/a%20b/c");
            server.assertSiteAnswers(
                    RawHandshake.raw("GET /index.html HTTP/1.1\r\nHost: localhost\r\n\r\n"), "/index.html");
        }
    }

    @Test
    void s8_brokenUpgradeOnAnotherPathIsTheSitesBusiness() throws Exception {
        try (FilteredSite server = FilteredSite.plain("/tunnel")) {
            server.assertSiteAnswers(
                    RawHandshake.to("/other").key("short").set("Sec-WebSocket-Version", "8"), "/other");
        }
    }

    @Test
    void s8_answerHoldsNothingOfTheTunnel() throws Exception {
        WebSocketTransportOptions options = WebSocketTransportOptions.builder()
                .path("/tunnel")
                .header("X-Tunnel", "yes")
                .build();
        try (FilteredSite server = FilteredSite.start(options)) {
            RawResponse response = server.refused(RawHandshake.to("/other"));
            assertThat(response.headers()).doesNotContainKeys("X-Tunnel", "Sec-WebSocket-Version", "Connection");
        }
    }

    @Test
    void s9_visitorOfThePathSeesTheSite() throws Exception {
        try (FilteredSite server = FilteredSite.plain("/tunnel")) {
            server.assertSiteAnswers(RawHandshake.raw("GET /tunnel HTTP/1.1\r\nHost: localhost\r\n\r\n"), "/tunnel");
            server.assertSiteAnswers(
                    RawHandshake.raw("POST /tunnel HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabc"),
                    "/tunnel");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2c", "", "websocketx", "web socket", "TLS/1.0, h2c"})
    void s9_noUpgradeToWebSocketIsAsked(String upgrade) throws Exception {
        try (FilteredSite server = FilteredSite.plain("/tunnel")) {
            server.assertSiteAnswers(RawHandshake.to("/tunnel").set("Upgrade", upgrade), "/tunnel");
        }
    }

    @Test
    void s9_upgradeHeaderIsMissing() throws Exception {
        try (FilteredSite server = FilteredSite.plain("/tunnel")) {
            server.assertSiteAnswers(RawHandshake.to("/tunnel").without("Upgrade"), "/tunnel");
        }
    }

    /** Jetty's HTTP/1.1 answers this itself, in front of all filters; so the tunnel's path must not look different. */
    @ParameterizedTest
    @ValueSource(strings = {"keep-alive", "", "x-upgrade", "upgrades"})
    void s9_connectionThatLacksUpgradeGetsTheSameAnswerOnEveryPath(String connection) throws Exception {
        try (FilteredSite server = FilteredSite.plain("/tunnel")) {
            RawResponse tunnel = server.refused(RawHandshake.to("/tunnel").set("Connection", connection));
            RawResponse other = server.refused(RawHandshake.to("/elsewhere").set("Connection", connection));
            assertThat(tunnel.status()).isEqualTo(other.status());
            assertThat(tunnel.headers().keySet()).isEqualTo(other.headers().keySet());
        }
    }

    @Test
    void s9_visitorKeepsHisConnection() throws Exception {
        try (FilteredSite server = FilteredSite.plain("/tunnel");
                RawWebSocketPeer peer = server.connect()) {
            RawHandshake plain = RawHandshake.raw("GET /tunnel HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertThat(peer.readBody(peer.handshake(plain))).isEqualTo("site:/tunnel");
            assertThat(peer.readBody(peer.handshake(plain))).isEqualTo("site:/tunnel");
            server.deliver(peer, RawHandshake.to("/tunnel"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"tunnel.example", "TUNNEL.Example", "tunnel.example:443", "tunnel.example:1", "tunnel.example."})
    void s12_acceptedHost(String host) throws Exception {
        try (FilteredSite server = withHosts("other.example", "Tunnel.example")) {
            assertThat(server.deliver(withHost(host)).request().host()).isEqualTo(host);
        }
    }

    @Test
    void s12_internationalNamesAndDotsAtTheEndMakeNoDifference() throws Exception {
        try (FilteredSite server = withHosts("b\u00fccher.example.", "my_ssh")) {
            server.deliver(withHost("xn--bcher-kva.example"));
            server.deliver(withHost("my_ssh:8080"));
            server.assertSiteAnswers(withHost("my-ssh"), "/tunnel");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "x.tunnel.example", "tunnel.example.org", "tunnel.exampl", "[::1]"})
    void s12_otherHostsSeeTheSite(String host) throws Exception {
        try (FilteredSite server = withHosts("tunnel.example")) {
            server.assertSiteAnswers(withHost(host), "/tunnel");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "[2001:db8::1],[2001:DB8::1]:8443",
        "2001:db8::1,[2001:db8::1]",
        "[::1]:80,[::1]",
        "127.0.0.1,127.0.0.1:80"
    })
    void s12_addressesAreHostsToo(String configured, String host) throws Exception {
        try (FilteredSite server = withHosts(configured)) {
            server.deliver(withHost(host));
            server.assertSiteAnswers(withHost("[2001:db8::2]"), "/tunnel");
        }
    }

    @Test
    void s12_brokenUpgradeForAnotherHostIsTheSitesBusiness() throws Exception {
        try (FilteredSite server = withHosts("tunnel.example")) {
            server.assertSiteAnswers(RawHandshake.to("/tunnel").without("Sec-WebSocket-Key"), "/tunnel");
        }
    }

    @Test
    void s12_withoutAListEveryHostIsAccepted() throws Exception {
        try (FilteredSite server = FilteredSite.plain("/tunnel")) {
            server.deliver(withHost("whatever.example"));
            server.deliver(withHost("[2001:db8::1]:8080"));
        }
    }
}
