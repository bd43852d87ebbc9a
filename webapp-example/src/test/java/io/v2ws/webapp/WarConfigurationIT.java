package io.v2ws.webapp;

import static org.assertj.core.api.Assertions.assertThat;

import io.v2ws.testing.Bytes;
import io.v2ws.testing.EchoUpstream;
import io.v2ws.testing.RawHandshake;
import io.v2ws.testing.RawResponse;
import io.v2ws.testing.RawWebSocketPeer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packed WAR, configured without a rebuild. */
class WarConfigurationIT {
    @TempDir
    private Path folder;

    private static void assertEchoes(WarProcess war, RawHandshake request, String early) throws Exception {
        try (RawWebSocketPeer peer = RawWebSocketPeer.connect(war.port())) {
            peer.upgrade(request);
            peer.sendBinary(Bytes.utf8("late"));
            assertThat(Bytes.utf8(peer.readBinary(early.length() + 4))).isEqualTo(early + "late");
            peer.sendClose(1000, "");
            peer.expectClose(1000);
        }
    }

    private static void assertSiteIsUp(WarProcess war) throws Exception {
        try (RawWebSocketPeer peer = RawWebSocketPeer.connect(war.port())) {
            RawResponse page = peer.handshake(RawHandshake.raw("GET / HTTP/1.1\r\nHost: example\r\n\r\n"));
            assertThat(page.status()).isEqualTo(200);
            assertThat(peer.readBody(page)).contains("An ordinary site");
        }
    }

    @Test
    void environmentTakesThePlaceOfWebXml() throws Exception {
        try (EchoUpstream upstream = EchoUpstream.echo();
                WarProcess war = new WarProcess(
                        folder,
                        Map.of(
                                "V2WS_PATH", "/elsewhere",
                                "V2WS_EARLY_DATA_HEADER_NAME", "",
                                "V2WS_FORWARD", "127.0.0.1:" + upstream.port()))) {
            assertEchoes(war, RawHandshake.to("/elsewhereaGVsbG8"), "hello");
            assertThat(upstream.acceptedConnections()).isEqualTo(1);
            assertSiteIsUp(war);
        }
    }

    @Test
    void fileOfServeConfiguresSeveralTunnels() throws Exception {
        try (EchoUpstream one = EchoUpstream.echo();
                EchoUpstream two = EchoUpstream.echo()) {
            Path file = Files.writeString(folder.resolve("v2ws.json"), """
                    {"listen": "127.0.0.1:1", "tunnels": [
                      {"forward": "127.0.0.1:%d", "transport": {"type": "ws", "path": "/one", "max_early_data": 2048}},
                      {"forward": "127.0.0.1:%d", "transport": {"type": "ws", "path": "/two"}}]}
                    """.formatted(one.port(), two.port()));
            try (WarProcess war = new WarProcess(folder, Map.of("V2WS_CONFIG", file.toString()))) {
                assertEchoes(war, RawHandshake.to("/oneaGVsbG8"), "hello");
                assertEchoes(war, RawHandshake.to("/two"), "");
                assertThat(one.acceptedConnections()).isEqualTo(1);
                assertThat(two.acceptedConnections()).isEqualTo(1);
            }
        }
    }

    @Test
    void withoutAnUpstreamTheTunnelIsAnEchoAndTheLogSaysSo() throws Exception {
        try (WarProcess war = new WarProcess(folder, Map.of())) {
            assertEchoes(war, RawHandshake.to("/tunnel"), "");
            assertThat(war.log())
                    .contains("WARNING: Filter tunnel: no upstream is set (forward): the tunnel at /tunnel sends back"
                            + " what it receives");
        }
    }

    @Test
    void wrongValueLeavesTheSiteUpAndIsLoggedWithItsPlace() throws Exception {
        try (WarProcess war = new WarProcess(folder, Map.of("V2WS_MAX_EARLY_DATA", "lots"))) {
            assertSiteIsUp(war);
            assertThat(war.log())
                    .contains("max_early_data (environment variable V2WS_MAX_EARLY_DATA): expected a whole number from"
                            + " 0 to 2147483647, got \"lots\"");
        }
    }

    @Test
    void s2_queryThatIsNoQueryIsIgnoredOnJettysEngine() throws Exception {
        try (WarProcess war = new WarProcess(folder, Map.of("V2WS_ENGINE", "jetty"))) {
            assertEchoes(war, RawHandshake.to("/tunnel?a=|"), "");
            assertThat(war.log()).contains("tunnels at /tunnel on Jetty's WebSocket engine");
        }
    }
}
