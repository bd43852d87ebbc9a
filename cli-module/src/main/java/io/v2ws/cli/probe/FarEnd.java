package io.v2ws.cli.probe;

/** What a tunnel leads to. */
enum FarEnd {
    /** Sends back what it gets: everything can be measured. */
    ECHO,
    /** Speaks, but sends something else back, or speaks first. */
    OTHER,
    /** Takes what it gets and says nothing. */
    SILENT,
    /** Ends the tunnel when it gets what it cannot understand. */
    CLOSES,
    /** There is no tunnel. */
    NONE
}
