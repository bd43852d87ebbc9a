package io.v2ws.client.socket;

import io.v2ws.client.ServerFirstWait;
import io.v2ws.client.WebSocketTransportClient;
import java.io.IOException;

/** Gives sockets the client that opens their tunnels. Safe for any thread. */
interface ClientSource {
    /**
     * What a socket needs for its tunnel.
     *
     * @param serverFirstWait shared by all sockets of the source
     */
    record Tunnels(WebSocketTransportClient client, ServerFirstWait serverFirstWait) {
        /** Makes one that has learned nothing yet. */
        static Tunnels of(WebSocketTransportClient client) {
            return new Tunnels(client, ServerFirstWait.of(client.options()));
        }
    }

    /**
     * Returns the client for one tunnel. {@link #release} follows once, when the tunnel has ended.
     *
     * @throws IOException if there is no client yet and none can be made
     */
    Tunnels acquire() throws IOException;

    /**
     * Whether a write behind one that has failed is dropped without another failure. JDBC drivers need it: when they
     * close a connection that has failed, they flush once more and log at length that it fails.
     */
    default boolean failsWritesOnce() {
        return false;
    }

    /** Ends the use that one {@link #acquire} began. */
    void release();
}
