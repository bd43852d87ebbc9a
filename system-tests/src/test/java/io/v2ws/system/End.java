package io.v2ws.system;

/** How a TCP connection ended for the one who reads it. */
enum End {
    /** With a FIN: nothing is missing. */
    CLEAN,
    /** With a reset: something may be missing. */
    RESET
}
