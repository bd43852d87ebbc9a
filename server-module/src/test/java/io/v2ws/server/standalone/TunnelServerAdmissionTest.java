package io.v2ws.server.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.v2ws.HostAndPort;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.server.Admission;
import io.v2ws.server.EchoHandler;
import io.v2ws.testing.LeakCheck;
import io.v2ws.testing.RawHandshake;
import io.v2ws.testing.RawResponse;
import io.v2ws.testing.RawWebSocketPeer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Who may open a tunnel of the standalone server: S17. */
@ExtendWith(LeakCheck.class)
class TunnelServerAdmissionTest {

    private static Tunnel echo(String path) {
        return Tunnel.handle(WebSocketTransportOptions.builder().path(path).build(), new EchoHandler());
    }

    private static TunnelServer start(Admission admission) throws Exception {
        return TunnelServer.builder(new HostAndPort("127.0.0.1", 0))
                .tunnel(echo("/guarded").withAdmission(admission))
                .tunnel(echo("/open"))
                .start();
    }

    @Test
    void s17_whoIsPassedOnGetsTheSame404AsOnAnyOtherPath() throws Exception {
        try (TunnelServer server = start(request -> Admission.Decision.PASS_ON)) {
            assertThat(head(server, "/guarded"))
                    .isEqualTo(head(server, "/nothing"))
                    .startsWith("HTTP/1.1 404");
        }
    }

    private static String head(TunnelServer server, String target) throws Exception {
        try (RawWebSocketPeer peer = RawWebSocketPeer.connect(server.port())) {
            RawResponse response = peer.handshake(RawHandshake.to(target));
            assertThat(peer.readBody(response)).isEmpty();
            return response.head().replaceAll("(?m)^Date:.*\\R", "");
        }
    }

    @Test
    void s17_hookThatBlocksDoesNotHoldUpOtherTunnels() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Admission slow = request -> {
            asked.countDown();
            assertThat(goOn.await(30, TimeUnit.SECONDS)).isTrue();
            return Admission.Decision.ADMIT;
        };
        try (TunnelServer server = start(slow);
                RawWebSocketPeer waiting = RawWebSocketPeer.connect(server.port())) {
            waiting.send(RawHandshake.to("/guarded").bytes());
            assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
            // More than there are selectors.
            for (int i = 0; i < 8; i++) {
                try (RawWebSocketPeer peer = RawWebSocketPeer.connect(server.port())) {
                    peer.upgrade("/open");
                }
            }
            goOn.countDown();
            assertThat(waiting.readResponseHead().status()).isEqualTo(101);
        } finally {
            goOn.countDown();
        }
    }
}
