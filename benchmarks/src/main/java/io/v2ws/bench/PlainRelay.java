package io.v2ws.bench;

import io.v2ws.HostAndPort;
import io.v2ws.relay.Relay;
import io.v2ws.tcp.TcpAcceptor;
import io.v2ws.tcp.TcpConnector;
import io.v2ws.testing.Sockets;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The relay of v2ws with TCP on both sides, twice: what the two processes cost without any WebSocket. */
final class PlainRelay implements Contender {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final Bench bench;

    PlainRelay(Bench bench) {
        this.bench = bench;
    }

    @Override
    public String id() {
        return "tcp-relay";
    }

    @Override
    public String label() {
        return "same relay, no WebSocket";
    }

    @Override
    public Optional<String> missing() {
        return Optional.empty();
    }

    @Override
    public boolean supports(Route route) {
        return !route.tls() && !route.earlyData() && route.preconnected() == 0;
    }

    @Override
    public Line start(Route route) throws IOException {
        return Line.start(
                route,
                (listen, to) -> hop("tcp-relay-server", listen, to),
                (listen, to) -> hop("tcp-relay-client", listen, to));
    }

    private ChildProcess hop(String role, int listen, int to) throws IOException {
        return bench.launch(
                role, bench.program().main(role, Hop.class, List.of(Integer.toString(listen), Integer.toString(to))));
    }

    /** One of the two processes. */
    static final class Hop {
        private Hop() {}

        /** Relays from the first port to the second until it is ended. */
        public static void main(String[] ports) throws Exception {
            TcpConnector connector = new TcpConnector();
            connector.start();
            HostAndPort to = new HostAndPort("127.0.0.1", Integer.parseInt(ports[1]));
            TcpAcceptor.listen(
                    connector,
                    Sockets.loopback(Integer.parseInt(ports[0])),
                    near -> connector.connect(to, TIMEOUT).whenComplete((far, failure) -> {
                        if (failure != null) {
                            near.abort(failure);
                        } else {
                            Relay.start(near, far, TIMEOUT, connector.scheduler(), connector.executor());
                        }
                    }));
            Thread.currentThread().join();
        }
    }
}
