package io.v2ws.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.v2ws.WebSocketTransportOptions;
import io.v2ws.server.UpgradeDecision.Accept;
import io.v2ws.server.UpgradeDecision.PassOn;
import io.v2ws.server.UpgradeDecision.Reject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The decision alone, without a server; what no client can get through Jetty's own checks is tested here only. */
class UpgradeMatcherTest {
    private static final String PROTOCOL = WebSocketTransportOptions.SEC_WEBSOCKET_PROTOCOL;

    private static UpgradeMatcher matcher(String path, int maxEarlyData, String headerName, String... hosts) {
        return new UpgradeMatcher(
                WebSocketTransportOptions.builder()
                        .path(path)
                        .maxEarlyData(maxEarlyData)
                        .earlyDataHeaderName(headerName)
                        .build(),
                new HostList(List.of(hosts)));
    }

    private static UpgradeDecision decide(Requests request) {
        return matcher("/tunnel", 0, "").decide(request.head());
    }

    private static int rejected(UpgradeDecision decision) {
        assertThat(decision).isInstanceOf(Reject.class);
        return ((Reject) decision).status();
    }

    private static Accept accepted(UpgradeDecision decision) {
        assertThat(decision).isInstanceOf(Accept.class);
        return (Accept) decision;
    }

    private static String text(Accept accept) {
        return new String(accept.earlyData(), StandardCharsets.ISO_8859_1);
    }

    @Test
    void validRequestIsAcceptedWithNothingInIt() {
        Accept accept = accepted(decide(Requests.upgrade("/tunnel")));
        assertThat(accept.earlyData()).isEmpty();
        assertThat(accept.subprotocol()).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        // configured path, mode (max early data), request target, early data or the word pass
        "/t,0,/t,''",
        "/t,0,/t?q,''",
        "/t,0,/tx,pass",
        "/t,0,/,pass",
        "/t?q=1,0,/t,''",
        "/t?q=1,0,/t?q=2,''",
        "/t?q=1,0,/t?q=1,''",
        "/t,5,/tQUJD,ABC",
        "/t,5,/t,''",
        "/t,5,/tQUJD?QUJD,ABC",
        "/t,5,/sQUJD,pass",
        "/,5,/QUJD,ABC",
        "/t/,5,/t/QUJD,ABC",
        "/t/,5,/t,pass",
        "/t?q=1,5,/t?q=1QUJD,ABC",
        "/t?q=1,5,/tQUJD?q=1,ABC",
        "/t?q=1,5,/t?q=1,''",
        "/t?q=1,5,/t,pass",
        "/t?q=1,5,/tQUJD?q=2,pass",
        "/t?q=1,5,/tQUJD,pass",
        "/t?,5,/t?QUJD,ABC",
        "/t?a=b?c,5,/t?a=b?cQUJD,ABC"
    })
    void s1_s2_s4_pathAndQuery(String path, int maxEarlyData, String target, String expected) {
        UpgradeDecision decision =
                matcher(path, maxEarlyData, "").decide(Requests.upgrade(target).head());
        if (expected.equals("pass")) {
            assertThat(decision).isSameAs(PassOn.INSTANCE);
        } else {
            assertThat(text(accepted(decision))).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @CsvSource({"0", "2048"})
    void s3_headerModeWhateverTheMaximum(int maxEarlyData) {
        UpgradeMatcher matcher = matcher("/tunnel", maxEarlyData, "X-Early");
        assertThat(text(accepted(matcher.decide(
                        Requests.upgrade("/tunnel").with("X-Early", "QUJD").head()))))
                .isEqualTo("ABC");
        assertThat(matcher.decide(Requests.upgrade("/tunnelQUJD").head())).isSameAs(PassOn.INSTANCE);
    }

    @Test
    void s6_undecodableIsRejectedWithoutRepeatingIt() {
        Reject reject = (Reject) matcher("/tunnel", 5, "")
                .decide(Requests.upgrade("/tunnel!secret").head());
        assertThat(reject.status()).isEqualTo(400);
        assertThat(reject.why()).doesNotContain("secret");
    }

    @Test
    void s6_headerThatCameTwiceIsRejected() {
        UpgradeMatcher matcher = matcher("/tunnel", 5, "X-Early");
        assertThat(rejected(matcher.decide(Requests.upgrade("/tunnel")
                        .with("X-Early", "QUJD", "QUJD")
                        .head())))
                .isEqualTo(400);
    }

    @Test
    void s7_onlyTheSubprotocolIsEchoed() {
        Requests request = Requests.upgrade("/tunnel").with(PROTOCOL, "QUI=").with("X-Early", "QUJD");
        assertThat(accepted(matcher("/tunnel", 5, PROTOCOL).decide(request.head()))
                        .subprotocol())
                .isEqualTo("QUI=");
        assertThat(accepted(matcher("/tunnel", 5, "X-Early").decide(request.head()))
                        .subprotocol())
                .isNull();
        assertThat(accepted(matcher("/tunnel", 0, "").decide(request.head())).subprotocol())
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"websocket", "WebSocket", "WEBSOCKET"})
    void s9_upgradeInAnyCase(String upgrade) {
        accepted(decide(Requests.upgrade("/tunnel").with("Upgrade", upgrade)));
    }

    @Test
    void s9_connectionIsAListOfTokens() {
        accepted(decide(Requests.upgrade("/tunnel").with("Connection", "keep-alive,uPgRaDe")));
        accepted(decide(Requests.upgrade("/tunnel").with("Connection", "keep-alive", "Upgrade")));
        for (String lacking : new String[] {"keep-alive", "", "upgrades", "x upgrade"}) {
            assertThat(decide(Requests.upgrade("/tunnel").with("Connection", lacking)))
                    .isSameAs(PassOn.INSTANCE);
        }
        assertThat(decide(Requests.upgrade("/tunnel").without("Connection"))).isSameAs(PassOn.INSTANCE);
        assertThat(decide(Requests.upgrade("/tunnel").without("Upgrade"))).isSameAs(PassOn.INSTANCE);
    }

    @Test
    void s10_otherMethodsAndVersionsOfHttp() {
        assertThat(rejected(decide(Requests.upgrade("/tunnel").method("POST")))).isEqualTo(400);
        assertThat(rejected(decide(Requests.upgrade("/tunnel").protocol("HTTP/1.0"))))
                .isEqualTo(400);
    }

    @Test
    void s10_versionComesBeforeTheKey() {
        Requests old =
                Requests.upgrade("/tunnel").with("Sec-WebSocket-Version", "8").without("Sec-WebSocket-Key");
        assertThat(rejected(decide(old))).isEqualTo(426);
        assertThat(rejected(decide(Requests.upgrade("/tunnel").with("Sec-WebSocket-Version", "13", "13"))))
                .isEqualTo(426);
    }

    @Test
    void s10_bodyIsRejected() {
        for (String length : new String[] {"1", "00", "x", "0, 0"}) {
            assertThat(rejected(decide(Requests.upgrade("/tunnel").with("Content-Length", length))))
                    .isEqualTo(400);
        }
        assertThat(rejected(decide(Requests.upgrade("/tunnel").with("Transfer-Encoding", "chunked"))))
                .isEqualTo(400);
        accepted(decide(Requests.upgrade("/tunnel").with("Content-Length", "0")));
    }

    @Test
    void s12_hostIsAskedBeforeAnythingIsRejected() {
        UpgradeMatcher matcher = matcher("/tunnel", 5, "", "tunnel.example");
        Requests broken = Requests.upgrade("/tunnel!").without("Sec-WebSocket-Key");
        assertThat(matcher.decide(broken.head())).isSameAs(PassOn.INSTANCE);
        assertThat(rejected(matcher.decide(broken.with("Host", "tunnel.example").head())))
                .isEqualTo(400);
    }
}
