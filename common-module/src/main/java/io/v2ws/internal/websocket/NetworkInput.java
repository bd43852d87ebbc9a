package io.v2ws.internal.websocket;

import io.v2ws.internal.tls.TlsConnection;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLEngine;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.util.BufferUtil;

/**
 * Reads from a Jetty end point and tells how the peer ended. {@link EndPoint#fill} reports a FIN, a reset and a TLS
 * connection that was cut all as -1, but only a FIN, with TLS a close_notify before it, is an end in order (F5).
 *
 * <p>One thread at a time.
 */
final class NetworkInput {
    private final EndPoint endPoint;
    /** Read directly where there is no TLS: its exceptions are what Jetty's end point hides. */
    private final SocketChannel channel;

    /** Jetty's or ours; null without TLS, and where a servlet container does it. */
    private final SslConnection tls;

    private final boolean secure;
    /** Whether a TLS connection was cut; Jetty reports an end in order from the second read on. */
    private boolean cut;

    NetworkInput(EndPoint endPoint) {
        this.endPoint = endPoint;
        this.tls = endPoint instanceof SslConnection.SslEndPoint secure ? secure.getSslConnection() : null;
        // A wrapper is what Jetty makes of a proxy's word for the TLS in front of it; here it is plain TCP.
        this.secure = tls != null || endPoint.isSecure() && !(endPoint instanceof EndPoint.Wrapper);
        this.channel = !secure && endPoint.getTransport() instanceof SocketChannel plain ? plain : null;
    }

    /** Whether the connection is encrypted. */
    boolean isSecure() {
        return secure;
    }

    /**
     * Reads what has arrived.
     *
     * @param buffer in flush mode; what is read is appended
     * @return how many bytes, 0 for none yet, -1 for an end in order
     * @throws IOException if the connection ended in any other way
     */
    int fill(ByteBuffer buffer) throws IOException {
        if (channel == null) {
            int filled = cut ? -1 : fillFromLayers(buffer);
            cut |= filled < 0 && tls != null && !hasCloseNotify();
            if (cut) {
                throw new TruncatedException("the TLS connection ended without close_notify");
            }
            return filled;
        }
        int position = BufferUtil.flipToFill(buffer);
        try {
            return channel.read(buffer);
        } finally {
            BufferUtil.flipToFlush(buffer, position);
        }
    }

    private int fillFromLayers(ByteBuffer buffer) throws IOException {
        try {
            return endPoint.fill(buffer);
        } catch (EOFException x) {
            throw new TruncatedException(x.getMessage());
        }
    }

    private boolean hasCloseNotify() {
        SSLEngine engine = tls.getSSLEngine();
        // A server's engine is done with its input after a close_notify only; a client's also when Jetty gave it up.
        return tls instanceof TlsConnection ours ? ours.isCloseNotified() : engine.isInboundDone();
    }
}
