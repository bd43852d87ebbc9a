package io.v2ws.cli.probe;

/** The kind of service a tunnel leads to. */
enum FarEnd {
    /** Sends back all bytes: all steps are possible. */
    ECHO,
    /** Sends other bytes back, or speaks first. */
    OTHER,
    /** Sends nothing. */
    SILENT,
    /** Closes the tunnel when it receives bytes that it does not understand. */
    CLOSES,
    /** There is no tunnel. */
    NONE
}
