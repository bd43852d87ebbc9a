package io.v2ws.testing;

import java.util.List;
import org.eclipse.jetty.io.ArrayByteBufferPool;

/** Opens WebSockets between a raw peer and one role of the product: the server's, or the client's. */
public interface FrameRig extends AutoCloseable {

    /**
     * Opens a WebSocket; both ends are ready to use.
     *
     * @throws Exception if that fails
     */
    FrameLink open(FrameOptions options) throws Exception;

    /** Whether the end under test is the server. */
    boolean isServer();

    /** Whether the engine under test is Jetty's, which has limits of its own (notes of the wire contract). */
    boolean runsOnJetty();

    /** All buffer pools of the ends under test. */
    List<ArrayByteBufferPool.Tracking> pools();

    /** Ends everything. */
    @Override
    void close() throws Exception;
}
