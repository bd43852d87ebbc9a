package io.v2ws.bench;

import io.v2ws.testing.DelayingRelay;
import io.v2ws.testing.Sockets;
import io.v2ws.testing.peers.FreePorts;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;

/** A running pair of client and server process: what goes into {@code entry} comes out at the route's upstream. */
final class Line implements AutoCloseable {
    /** Starts one of the two processes. */
    interface Start {
        /**
         * @param listen the port to listen on
         * @param to the port to lead to
         */
        ChildProcess on(int listen, int to) throws IOException;
    }

    private final InetSocketAddress entry;
    private final ChildProcess client;
    private final ChildProcess server;
    private final DelayingRelay relay;

    private Line(InetSocketAddress entry, ChildProcess client, ChildProcess server, DelayingRelay relay) {
        this.entry = entry;
        this.client = client;
        this.server = server;
        this.relay = relay;
    }

    /** No process at all: straight to the upstream. */
    static Line direct(Route route) {
        return new Line(route.upstream(), null, null, null);
    }

    /** Starts server and client, and what delays in between. */
    static Line start(Route route, Start server, Start client) throws IOException {
        ChildProcess far = null;
        DelayingRelay relay = null;
        ChildProcess near = null;
        try {
            int serverPort = FreePorts.next();
            far = server.on(serverPort, route.upstream().getPort());
            if (route.inTurn() || route.preconnected() > 0) {
                far.awaitListening(serverPort);
            }
            int dialled = serverPort;
            if (!route.delay().isZero()) {
                relay = DelayingRelay.withHandshake(Sockets.loopback(serverPort), route.delay());
                dialled = relay.port();
            }
            int clientPort = FreePorts.next();
            near = client.on(clientPort, dialled);
            far.awaitListening(serverPort);
            near.awaitListening(clientPort);
            return new Line(Sockets.loopback(clientPort), near, far, relay);
        } catch (IOException | RuntimeException x) {
            new Line(null, near, far, relay).close();
            throw x;
        }
    }

    /** Where to connect to. */
    InetSocketAddress entry() {
        return entry;
    }

    /** The process on the near side; null if the line has none. */
    ChildProcess client() {
        return client;
    }

    /** The process on the far side; null if the line has none. */
    ChildProcess server() {
        return server;
    }

    /** Processor time of both processes. */
    Duration cpu() {
        return client == null ? Duration.ZERO : client.cpu().plus(server.cpu());
    }

    /** What both processes wrote last. */
    String logTails() {
        return client == null ? "" : client.logTail() + server.logTail();
    }

    @Override
    public void close() {
        for (ChildProcess process : new ChildProcess[] {client, server}) {
            if (process != null) {
                process.close();
            }
        }
        if (relay != null) {
            relay.close();
        }
    }
}
