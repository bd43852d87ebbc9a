package io.v2ws.bench;

import io.v2ws.testing.peers.EarlyDataMode;
import io.v2ws.testing.peers.Link;
import io.v2ws.testing.peers.PeerProgram;
import java.io.IOException;
import java.util.Optional;

/** Another program that speaks the transport, as client and as server. */
abstract class PeerContender implements Contender {
    private final Bench bench;
    private final String carried;

    /**
     * Makes a contender.
     *
     * @param carried the proxy protocol inside the tunnel
     */
    PeerContender(Bench bench, String carried) {
        this.bench = bench;
        this.carried = carried;
    }

    /** The program, which is there. */
    abstract PeerProgram program() throws IOException;

    @Override
    public boolean supports(Route route) {
        return route.preconnected() == 0;
    }

    @Override
    public Optional<Extra> extra() {
        return Optional.of(Extra.MORE_PEERS);
    }

    @Override
    public final Line start(Route route) throws IOException {
        PeerProgram program = program();
        Link link = link(route, carried);
        int upstream = route.upstream().getPort();
        return Line.start(
                route,
                (listen, to) -> bench.launch(id() + "-server", program.server(bench.logs(), link, listen, to)),
                (listen, to) ->
                        bench.launch(id() + "-client", program.client(bench.logs(), link, listen, to, upstream)));
    }

    /** The WebSocket that a route asks for. */
    static Link link(Route route, String carried) {
        return new Link(route.earlyData() ? EarlyDataMode.HEADER : EarlyDataMode.NONE, route.tls(), carried);
    }
}
