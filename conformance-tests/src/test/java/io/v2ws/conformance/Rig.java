package io.v2ws.conformance;

import io.v2ws.WebSocketTransportOptions;
import io.v2ws.internal.io.ReadBuffers;
import java.util.List;
import org.awaitility.Awaitility;
import org.eclipse.jetty.io.ArrayByteBufferPool;

/** Opens WebSockets between a raw peer and one role of the product. */
interface Rig extends AutoCloseable {
    String PATH = "/tunnel";

    /**
     * Opens a WebSocket; both ends are ready to use.
     *
     * @param receiveBuffer of the raw peer, bytes; 0 for the system's default
     */
    Link open(WebSocketTransportOptions options, int receiveBuffer) throws Exception;

    /** All buffer pools of the ends under test. */
    List<ArrayByteBufferPool.Tracking> pools();

    /** Ends everything, and checks that no large buffer is still held. */
    @Override
    void close() throws Exception;

    /** Waits until all large buffers, which no tracking pool knows of, were given back. */
    static void assertNoLargeBufferHeld() {
        Awaitility.await("all large buffers to be given back").until(() -> ReadBuffers.largeOnesHeld() == 0);
    }
}
