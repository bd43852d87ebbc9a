package io.v2ws.system;

import io.v2ws.WebSocketEngine;
import io.v2ws.testing.peers.Link;
import java.util.List;
import java.util.Locale;

/**
 * What a row of the table in {@code docs/interop.md} is about: all of its cells but version and result.
 *
 * @param peer the other program
 * @param ourEnd what of ours it spoke with
 * @param engine our engine
 * @param earlyData where early data travelled
 * @param tls whether there was TLS
 * @param carried what the tunnel carried
 */
record Row(String peer, String ourEnd, String engine, String earlyData, String tls, String carried) {
    private static final int CELLS = 8;

    static Row of(String peer, String ourEnd, WebSocketEngine engine, Link link) {
        return new Row(
                peer,
                ourEnd,
                engine.name().toLowerCase(Locale.ROOT),
                link.mode().toString(),
                link.tls() ? "yes" : "no",
                link.carried());
    }

    /** Reads a line of the table back; null if it is none. */
    static Row parse(String line) {
        String[] cells = line.split("\\|", -1);
        if (cells.length != CELLS + 2) {
            return null;
        }
        return new Row(
                cells[1].strip(),
                cells[3].strip(),
                cells[4].strip(),
                cells[5].strip(),
                cells[6].strip(),
                cells[7].strip());
    }

    /** The line of the table. */
    String line(String version, String result) {
        return "| "
                + String.join(" | ", List.of(peer, version, ourEnd, engine, earlyData, tls, carried, result))
                + " |";
    }
}
