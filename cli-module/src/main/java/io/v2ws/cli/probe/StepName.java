package io.v2ws.cli.probe;

import java.util.Locale;

/** The steps of a probe, in their order. */
public enum StepName {
    /** The look-up of the name. */
    DNS("DNS"),
    /** The TCP connection. */
    TCP("TCP"),
    /** TLS and the certificate of the server. */
    TLS("TLS"),
    /** The WebSocket handshake, without early data. */
    UPGRADE("Upgrade"),
    /** The kind of service the tunnel leads to. */
    ECHO("Far end"),
    /** Early data behind the path. */
    EARLY_DATA_IN_PATH("Early, path"),
    /** Early data as the value of a header. */
    EARLY_DATA_IN_HEADER("Early, header"),
    /** Whether early data comes back as the subprotocol. */
    SUBPROTOCOL("Subprotocol"),
    /** Pings and their pongs. */
    PINGS("Pings"),
    /** The round trip of data. */
    ROUND_TRIP("Round trip"),
    /** Bytes per second. */
    THROUGHPUT("Throughput"),
    /** The close of a tunnel. */
    CLOSE("Close"),
    /** A silent tunnel. */
    IDLE("Idle");

    private final String title;

    StepName(String title) {
        this.title = title;
    }

    /** The name in a column. */
    String title() {
        return title;
    }

    /** The name in JSON. */
    String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
