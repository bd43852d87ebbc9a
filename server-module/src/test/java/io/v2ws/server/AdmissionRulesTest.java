package io.v2ws.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.v2ws.WebSocketEngine;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.testing.CapturedLog;
import io.v2ws.testing.JettyEngines;
import io.v2ws.testing.LeakCheck;
import io.v2ws.testing.RawHandshake;
import io.v2ws.testing.RawResponse;
import io.v2ws.testing.RawWebSocketPeer;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.security.ConstraintSecurityHandler;
import org.eclipse.jetty.security.HashLoginService;
import org.eclipse.jetty.security.UserStore;
import org.eclipse.jetty.security.authentication.BasicAuthenticator;
import org.eclipse.jetty.util.security.Credential;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may open a tunnel: S17. */
@ExtendWith(LeakCheck.class)
class AdmissionRulesTest {
    private static final String PROTOCOL = "Sec-WebSocket-Protocol";

    /** The example in the Javadoc of {@link Admission}. */
    private static final Admission SIGNED_IN_ONLY =
            request -> request.getUserPrincipal() == null ? Admission.Decision.PASS_ON : Admission.Decision.ADMIT;

    private static WebSocketTransportOptions options(String path, String header) {
        return WebSocketTransportOptions.builder()
                .path(path)
                .maxEarlyData(2048)
                .earlyDataHeaderName(header)
                .build();
    }

    private static FilteredSite start(Admission admission) {
        return FilteredSite.start(options("/tunnel", PROTOCOL), filter -> filter.admit(admission), jetty -> {});
    }

    /** Valid and broken upgrade requests, in header mode with undecodable early data too. */
    static List<RawHandshake> upgrades() {
        return List.of(
                RawHandshake.to("/tunnel"),
                RawHandshake.to("/tunnel").add(PROTOCOL, "QQ"),
                RawHandshake.to("/tunnel").add(PROTOCOL, "A"),
                RawHandshake.to("/tunnel").add(PROTOCOL, "not base64!"),
                RawHandshake.to("/tunnel").without("Sec-WebSocket-Key"),
                RawHandshake.to("/tunnel").key("AAAA"),
                RawHandshake.to("/tunnel").set("Sec-WebSocket-Version", "8"),
                RawHandshake.to("/tunnel").set("Upgrade", "websocket, h2c"),
                RawHandshake.to("/tunnel").method("POST"),
                RawHandshake.to("/tunnel").add("Content-Length", "0"));
    }

    @ParameterizedTest
    @MethodSource("upgrades")
    void s17_whoIsPassedOnGetsWhatASiteWithoutTunnelAnswers(RawHandshake request) throws Exception {
        try (FilteredSite site = start(asked -> Admission.Decision.PASS_ON);
                FilteredSite elsewhere = FilteredSite.plain("/elsewhere")) {
            assertThat(answer(site, request))
                    .isEqualTo(answer(elsewhere, request))
                    .startsWith("HTTP/1.1 200");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/tunnelQQ", "/tunnelA", "/tunnel!", "/tunnel"})
    void s17_whoIsPassedOnInPathModeGetsWhatASiteWithoutTunnelAnswers(String target) throws Exception {
        RawHandshake request = RawHandshake.to(target);
        try (FilteredSite site = FilteredSite.start(
                        options("/tunnel", ""),
                        filter -> filter.admit(asked -> Admission.Decision.PASS_ON),
                        jetty -> {});
                FilteredSite elsewhere = FilteredSite.plain("/elsewhere")) {
            assertThat(answer(site, request))
                    .isEqualTo(answer(elsewhere, request))
                    .startsWith("HTTP/1.1 200");
        }
    }

    /** Returns head and body without the date, and checks that no tunnel opened. */
    private static String answer(FilteredSite site, RawHandshake request) throws Exception {
        try (RawWebSocketPeer peer = site.connect()) {
            RawResponse response = peer.handshake(request);
            assertThat(site.handler().count()).isZero();
            return response.head().replaceAll("(?m)^Date:.*\\R", "") + peer.readBody(response);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 403, 404, 426, 503, 599})
    void s17_refusalIsItsStatusWithAnEmptyBodyAndTheLastOfItsConnection(int status) throws Exception {
        Admission refusing = request -> Admission.Decision.refuse(status);
        for (RawHandshake request : upgrades()) {
            try (FilteredSite site = start(refusing);
                    RawWebSocketPeer peer = site.connect()) {
                assertEmptyAnswer(peer, request, status);
                assertThat(site.handler().count()).isZero();
            }
        }
    }

    private static void assertEmptyAnswer(RawWebSocketPeer peer, RawHandshake request, int status) throws Exception {
        RawResponse response = peer.handshake(request);
        assertThat(response.status()).as(response.head()).isEqualTo(status);
        assertThat(response.header("Connection")).isEqualTo("close");
        assertThat(response.headers()).doesNotContainKeys("Upgrade", "Sec-WebSocket-Accept", PROTOCOL);
        assertThat(peer.readBody(response)).isEmpty();
        peer.expectEof();
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 101, 200, 302, 399, 600})
    void statusThatIsNoRefusalIsRejected(int status) {
        assertThatThrownBy(() -> Admission.Decision.refuse(status))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("status: expected 400 to 599, got " + status);
    }

    @Test
    void s17_hookThatFailsIsAnEmpty500AndIsLoggedOnceWithoutEarlyData() throws Exception {
        Admission failing = request -> {
            throw new java.io.IOException("the directory is down");
        };
        try (CapturedLog log = new CapturedLog();
                FilteredSite site = start(failing);
                RawWebSocketPeer peer = site.connect()) {
            assertEmptyAnswer(peer, RawHandshake.to("/tunnel").add(PROTOCOL, "c2VjcmV0"), 500);
            assertThat(log.text())
                    .containsOnlyOnce("The admission hook of /tunnel failed")
                    .containsOnlyOnce("the directory is down")
                    .doesNotContain("c2VjcmV0");
        }
    }

    @Test
    void s17_hookThatReturnsNullIsAnEmpty500() throws Exception {
        try (CapturedLog log = new CapturedLog();
                FilteredSite site = start(request -> null);
                RawWebSocketPeer peer = site.connect()) {
            assertEmptyAnswer(peer, RawHandshake.to("/tunnel"), 500);
            assertThat(log.text()).contains("the hook returned null");
        }
    }

    @ParameterizedTest
    @JettyEngines
    void s17_whoIsAdmittedGetsTheTunnelAndHearsOfABrokenRequest(WebSocketEngine engine) throws Exception {
        AtomicInteger asked = new AtomicInteger();
        Admission admitting = request -> {
            asked.incrementAndGet();
            return Admission.Decision.ADMIT;
        };
        try (FilteredSite site = FilteredSite.start(
                options("/tunnel", PROTOCOL), filter -> filter.engine(engine).admit(admitting), jetty -> {})) {
            assertThat(site.deliver(RawHandshake.to("/tunnel").add(PROTOCOL, "QQ"))
                            .bytes())
                    .isEqualTo(new byte[] {'A'});
            assertThat(site.refused(RawHandshake.to("/tunnel").add(PROTOCOL, "A"))
                            .status())
                    .isEqualTo(400);
            assertThat(asked).hasValue(2);
        }
    }

    @Test
    void s17_hookIsNotAskedAboutRequestsThatAreNotForTheTunnel() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        try (FilteredSite site = FilteredSite.start(
                options("/tunnel", PROTOCOL),
                filter -> filter.hosts(List.of("localhost")).admit(request -> {
                    asked.incrementAndGet();
                    return Admission.Decision.ADMIT;
                }),
                jetty -> {})) {
            site.assertSiteAnswers("/other");
            site.assertSiteAnswers(RawHandshake.to("/tunnel").set("Host", "other.example"), "/tunnel");
            site.assertSiteAnswers(RawHandshake.to("/tunnel").without("Upgrade"), "/tunnel");
            assertThat(asked).hasValue(0);
        }
    }

    @Test
    void s17_tunnelForSignedInUsersOnly() throws Exception {
        try (FilteredSite site = FilteredSite.start(
                options("/tunnel", PROTOCOL),
                filter -> filter.admit(SIGNED_IN_ONLY),
                jetty -> jetty.configureContext(withUser("alice", "wonderland")))) {
            RawHandshake anonymous = RawHandshake.to("/tunnel");
            site.assertSiteAnswers(anonymous, "/tunnel");
            site.assertSiteAnswers(RawHandshake.to("/tunnel").add("Authorization", basic("alice", "guess")), "/tunnel");

            TunnelRequest request = site.deliver(
                            RawHandshake.to("/tunnel").add("Authorization", basic("alice", "wonderland")))
                    .request();
            assertThat(request.remoteUser()).contains("alice");
            assertThat(request.principal().map(Principal::getName)).contains("alice");
        }
    }

    private static Consumer<ServletContextHandler> withUser(String name, String password) {
        UserStore users = new UserStore();
        users.addUser(name, Credential.getCredential(password), new String[] {"user"});
        HashLoginService logins = new HashLoginService("test");
        logins.setUserStore(users);
        ConstraintSecurityHandler security = new ConstraintSecurityHandler();
        security.setLoginService(logins);
        security.setAuthenticator(new BasicAuthenticator());
        return context -> context.setSecurityHandler(security);
    }

    private static String basic(String name, String password) {
        byte[] pair = (name + ":" + password).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(pair);
    }
}
