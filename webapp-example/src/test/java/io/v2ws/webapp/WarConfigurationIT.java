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
            assertThat(peer.readBody(page)).contains("There is nothing here yet");
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

    private static RawResponse get(WarProcess war, String target, StringBuilder body) throws Exception {
        try (RawWebSocketPeer peer = RawWebSocketPeer.connect(war.port())) {
            RawResponse response =
                    peer.handshake(RawHandshake.raw("GET " + target + " HTTP/1.1\r\nHost: example\r\n\r\n"));
            body.append(peer.readBody(response));
            return response;
        }
    }

    @Test
    void s20_folderTakesThePlaceOfTheOwnPages() throws Exception {
        Path site = Files.createDirectory(folder.resolve("site"));
        Files.writeString(site.resolve("index.html"), "<h1>my own</h1>");
        Files.writeString(site.resolve("404.html"), "my own 404");
        Files.writeString(site.resolve(".env"), "secret");
        try (WarProcess war = new WarProcess(folder, Map.of("V2WS_SITE", site.toString()))) {
            StringBuilder body = new StringBuilder();
            assertThat(get(war, "/", body).status()).isEqualTo(200);
            for (String target : new String[] {"/.env", "/tunnel", "/%2e%2e/v2ws.json", "/elsewhere"}) {
                assertThat(get(war, target, body).status()).as(target).isNotEqualTo(200);
            }
            assertThat(body.toString())
                    .startsWith("<h1>my own</h1>my own 404my own 404")
                    .doesNotContain("secret");
            assertEchoes(war, RawHandshake.to("/tunnel"), "");
            assertThat(war.log()).doesNotContain("V2WS_SITE");
        }
    }

    @Test
    void s20_s22_siteAndHealthPathMayStandInTheFile() throws Exception {
        Path site = Files.createDirectory(folder.resolve("site"));
        Files.writeString(site.resolve("index.html"), "from the file");
        Path file = Files.writeString(folder.resolve("v2ws.json"), """
                {"site": "site", "health_path": "/-/health", "transport": {"type": "ws", "path": "/t"}}
                """);
        try (WarProcess war = new WarProcess(folder, Map.of("V2WS_CONFIG", file.toString()))) {
            StringBuilder body = new StringBuilder();
            assertThat(get(war, "/", body).status()).isEqualTo(200);
            assertThat(get(war, "/-/health/ready", body).status()).isEqualTo(200);
            assertThat(body).hasToString("from the fileready\n");
        }
    }

    @Test
    void s22_wrongConfigurationLeavesTheSiteUpAndHealthSaysIt() throws Exception {
        try (WarProcess war = new WarProcess(
                folder, Map.of("V2WS_HEALTH_PATH", "/-/health", "V2WS_FORWARD", "nowhere", "V2WS_SITE", "/no/such"))) {
            assertSiteIsUp(war);
            StringBuilder body = new StringBuilder();
            assertThat(get(war, "/-/health/live", body).status()).isEqualTo(200);
            RawResponse ready = get(war, "/-/health/ready", body);
            assertThat(ready.status()).isEqualTo(503);
            assertThat(ready.header("Cache-Control")).isEqualTo("no-store");
            assertThat(body).hasToString("live\nnot ready\n");
            assertThat(war.log())
                    .containsOnlyOnce("forward (environment variable V2WS_FORWARD): expected")
                    .containsOnlyOnce("site (environment variable V2WS_SITE): expected a folder that can be read, got"
                            + " \"/no/such\"; the application's own pages stay");
        }
    }

    @Test
    void s22_withoutTheKeyThereIsNoHealth() throws Exception {
        try (WarProcess war = new WarProcess(folder, Map.of())) {
            assertThat(get(war, "/-/health/live", new StringBuilder()).status()).isEqualTo(404);
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
