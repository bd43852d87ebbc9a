package io.v2ws.system;

import io.v2ws.WebSocketEngine;
import io.v2ws.testing.peers.Link;
import java.util.Locale;

/**
 * One peer and one end of ours, each configured in one way.
 *
 * @param peer the other program
 * @param ourEnd what of ours is tested; it decides the peer's role
 * @param engine our engine
 * @param link how the two are joined
 */
record Combination(Peer peer, OurEnd ourEnd, WebSocketEngine engine, Link link) {

    /** Its row of the table. */
    Row row() {
        return Row.of(peer.name(), ourEnd.toString(), engine, link);
    }

    @Override
    public String toString() {
        return String.join(
                ", ",
                peer.name(),
                ourEnd.toString(),
                engine.name().toLowerCase(Locale.ROOT),
                "early data " + link.mode(),
                link.tls() ? "TLS" : "plain",
                link.carried());
    }
}
