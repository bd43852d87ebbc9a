package io.v2ws.client.socket;

import io.v2ws.client.WebSocketTransportClient;
import java.io.IOException;

/** Gives sockets the client that opens their tunnels. Safe for any thread. */
interface ClientSource {
    /**
     * Returns the client for one tunnel. {@link #release} follows once, when the tunnel has ended.
     *
     * @throws IOException if there is no client yet and none can be made
     */
    WebSocketTransportClient acquire() throws IOException;

    /** Ends the use that one {@link #acquire} began. */
    void release();
}
