package io.v2ws.config;

/** Writes tunnels in one dialect. */
interface Writer {
    /**
     * Returns the tunnel with everything around its transport.
     *
     * @param tunnel has a server and an account
     * @param ascii whether other characters have to be escaped
     */
    String outbound(TunnelConfig tunnel, boolean ascii, ConversionNotes losses);

    /** Returns the transport alone. */
    String transport(TunnelConfig tunnel, boolean ascii, ConversionNotes losses);
}
