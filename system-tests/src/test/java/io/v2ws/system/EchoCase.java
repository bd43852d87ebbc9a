package io.v2ws.system;

import io.v2ws.WebSocketEngine;
import io.v2ws.testing.peers.EarlyDataMode;
import io.v2ws.testing.peers.Link;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * How a program that can only be a WebSocket client is tested: against the echo of {@code v2ws serve}, with early data
 * in its subprotocol.
 *
 * @param engine our engine
 * @param tls whether there is TLS
 */
record EchoCase(WebSocketEngine engine, boolean tls) {

    static Stream<EchoCase> all() {
        return Stream.of(WebSocketEngine.DIRECT, WebSocketEngine.JETTY)
                .flatMap(engine -> Stream.of(new EchoCase(engine, false), new EchoCase(engine, true)));
    }

    Link link() {
        return new Link(EarlyDataMode.HEADER, tls, Link.RAW);
    }

    Row row(String peer) {
        return Row.of(peer, OurEnd.SERVE.toString(), engine, link());
    }

    @Override
    public String toString() {
        return engine.name().toLowerCase(Locale.ROOT) + ", " + (tls ? "TLS" : "plain");
    }
}
