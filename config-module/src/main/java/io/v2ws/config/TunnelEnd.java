package io.v2ws.config;

/** Which end of a tunnel a configuration is read for. */
public enum TunnelEnd {
    /** The end that sends the upgrade. */
    CLIENT,
    /** The end that answers it. */
    SERVER
}
