package io.v2ws.webapp;

import static org.assertj.core.api.Assertions.assertThat;

import io.v2ws.testing.Bytes;
import io.v2ws.testing.EchoUpstream;
import io.v2ws.testing.RawHandshake;
import io.v2ws.testing.RawResponse;
import io.v2ws.testing.RawWebSocketPeer;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packed WAR, deployed. */
class WarIT {
    @TempDir
    private Path folder;

    private EchoUpstream upstream;
    private DeployedWar war;
    private int port;

    @BeforeEach
    void deploy() throws Exception {
        upstream = EchoUpstream.echo();
        war = new DeployedWar(folder, Map.of("forward", "127.0.0.1:" + upstream.port()));
        port = war.port();
    }

    @AfterEach
    void undeploy() throws Exception {
        war.close();
        upstream.close();
    }

    @Test
    void aTunnelWithEarlyDataReachesTheUpstream() throws Exception {
        String early = Base64.getUrlEncoder().withoutPadding().encodeToString(Bytes.utf8("early "));
        try (RawWebSocketPeer peer = RawWebSocketPeer.connect(port)) {
            peer.upgrade(RawHandshake.to("/tunnel").add("Sec-WebSocket-Protocol", early));
            peer.sendBinary(Bytes.utf8("and late"));
            assertThat(peer.readBinary(14)).isEqualTo(Bytes.utf8("early and late"));
            peer.sendClose(1000, "");
            peer.expectClose(1000);
        }
    }

    @Test
    void aVisitorSeesTheOrdinarySite() throws Exception {
        try (RawWebSocketPeer peer = RawWebSocketPeer.connect(port)) {
            RawResponse page = peer.handshake(RawHandshake.raw("GET / HTTP/1.1\r\nHost: example\r\n\r\n"));
            assertThat(page.status()).isEqualTo(200);
            assertThat(peer.readBody(page)).contains("There is nothing here yet");
            RawResponse tunnelPath = peer.handshake(RawHandshake.raw("GET /tunnel HTTP/1.1\r\nHost: example\r\n\r\n"));
            assertThat(tunnelPath.status()).isEqualTo(404);
            assertThat(peer.readBody(tunnelPath))
                    .contains("There is no such page")
                    .doesNotContainIgnoringCase("jetty", "tunnel", "/tunnel");
        }
    }
}
