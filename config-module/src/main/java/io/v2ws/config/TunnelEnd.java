package io.v2ws.config;

/** Which end of a tunnel a configuration is read for. */
public enum Side {
    /** The end that sends the upgrade. */
    CLIENT,
    /** The end that answers it. */
    SERVER
}
