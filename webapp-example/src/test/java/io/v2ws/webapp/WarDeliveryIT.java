package io.v2ws.webapp;

import io.v2ws.testing.DeliveryCases;
import io.v2ws.testing.RawWebSocketPeer;
import io.v2ws.testing.RelayEnds;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** F5 through the WAR, which runs on the direct engine in Jetty. */
class WarDeliveryIT extends DeliveryCases {
    @TempDir
    private static Path folder;

    /** One WAR for each ping interval, and one service. */
    private static final class Wars implements Relays {
        private final ServerSocket upstream = new ServerSocket();
        private final Map<Duration, DeployedWar> wars = new HashMap<>();

        Wars() throws Exception {
            upstream.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0));
            upstream.setSoTimeout(10_000);
        }

        /** One at a time: the next connection of the service is that of the peer that was opened last. */
        @Override
        public synchronized RelayEnds open(Duration pingInterval) throws Exception {
            DeployedWar war = wars.get(pingInterval);
            if (war == null) {
                war = deploy(pingInterval);
                wars.put(pingInterval, war);
            }
            RawWebSocketPeer peer = RawWebSocketPeer.connect(war.address());
            peer.upgrade("/tunnel");
            return new RelayEnds(peer, upstream.accept());
        }

        private DeployedWar deploy(Duration pingInterval) throws Exception {
            return new DeployedWar(
                    folder.resolve("war" + wars.size()),
                    Map.of(
                            "forward", "127.0.0.1:" + upstream.getLocalPort(),
                            "ping_interval", pingInterval.toMillis() + "ms",
                            "pong_timeout", PONG_TIMEOUT.toMillis() + "ms",
                            "half_close_linger", LINGER.toMillis() + "ms"));
        }

        @Override
        public void close() throws Exception {
            for (DeployedWar war : wars.values()) {
                war.close();
            }
            upstream.close();
        }
    }

    @BeforeAll
    final void startWars() throws Exception {
        start(new Wars());
    }

    @AfterAll
    final void closeWars() throws Exception {
        close();
    }
}
