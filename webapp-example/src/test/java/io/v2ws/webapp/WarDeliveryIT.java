package io.v2ws.webapp;

import io.v2ws.testing.FrameDeliveryCases;
import io.v2ws.testing.FrameOptions;
import io.v2ws.testing.FrameRelayRules;
import io.v2ws.testing.RawWebSocketPeer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

/** F5 through the WAR, which runs on the direct engine in Jetty. */
class WarDeliveryIT extends FrameDeliveryCases {
    @TempDir
    private static Path folder;

    /** One WAR for each set of options, and one service. */
    private static final class Wars implements Relays {
        private final ServerSocket upstream = new ServerSocket();
        private final Map<FrameOptions, DeployedWar> wars = new HashMap<>();

        Wars() throws Exception {
            upstream.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0));
            upstream.setSoTimeout(10_000);
        }

        /** One at a time: the next connection of the service is that of the peer that was opened last. */
        @Override
        public synchronized FrameRelayRules.Ends open(FrameOptions options) throws Exception {
            DeployedWar war = wars.get(options);
            if (war == null) {
                war = deploy(options);
                wars.put(options, war);
            }
            RawWebSocketPeer peer = RawWebSocketPeer.connect(war.address());
            peer.upgrade("/tunnel");
            return new FrameRelayRules.Ends(peer, upstream.accept(), () -> {});
        }

        private DeployedWar deploy(FrameOptions options) throws Exception {
            return new DeployedWar(
                    folder.resolve("war" + wars.size()),
                    Map.of(
                            "forward", "127.0.0.1:" + upstream.getLocalPort(),
                            "ping_interval", options.pingInterval().toMillis() + "ms",
                            "pong_timeout", options.pongTimeout().toMillis() + "ms",
                            "half_close_linger", options.linger().toMillis() + "ms"));
        }

        @Override
        public void close() throws Exception {
            for (DeployedWar war : wars.values()) {
                war.close();
            }
            upstream.close();
        }
    }

    @Override
    protected Relays newRelays() throws Exception {
        return new Wars();
    }

    @Override
    protected boolean runsOnJetty() {
        return false;
    }
}
