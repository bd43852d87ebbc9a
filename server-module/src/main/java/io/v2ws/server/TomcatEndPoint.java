package io.v2ws.server;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLEngine;
import org.apache.coyote.http11.upgrade.InternalHttpUpgradeHandler;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.SecureNioChannel;
import org.apache.tomcat.util.net.SocketEvent;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.eclipse.jetty.io.AbstractEndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.thread.Scheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection of Tomcat as a Jetty end point. Tomcat's poller tells when the socket is readable or writable; without
 * TLS the socket itself is read and written, otherwise Tomcat's layer for it.
 *
 * <p>The streams that the Servlet API has for upgraded connections do not do on Tomcat: it watches the socket for input
 * again after each call of a {@code ReadListener}, so a listener that leaves bytes there for a slow service is called
 * without end, and one that waits keeps the calls of the {@code WriteListener} waiting. Tomcat's own WebSocket layer
 * has the way out that this class uses, {@link InternalHttpUpgradeHandler}.
 *
 * <p>Safe for any thread.
 */
final class TomcatEndPoint extends AbstractEndPoint {
    private static final Logger LOG = LoggerFactory.getLogger(WebSocketUpgradeFilter.class);

    private final SocketWrapperBase<?> socket;
    private final SocketAddress local;
    private final SocketAddress remote;
    /** The socket, or null where Tomcat does not show it. */
    private final SocketChannel channel;
    /** Tomcat's layer of TLS, or null if there is none, or Tomcat does not show it. */
    private final SecureNioChannel tlsChannel;
    /** The engine of that layer. */
    private final SSLEngine tls;

    private final boolean secure;
    /** Whether only what is dropped is still to come: Tomcat's layer does not decrypt behind the end of its output. */
    private volatile boolean outputEnded;
    /**
     * Guards what is done through Tomcat's layers: they use one buffer of TLS for reads and writes, and give a closed
     * connection's buffers to the next one.
     */
    private final Object layers = new Object();

    /** Makes the end point of a connection whose 101 has gone out. */
    TomcatEndPoint(SocketWrapperBase<?> socket, Scheduler scheduler, SocketAddress local, SocketAddress remote) {
        super(scheduler);
        this.socket = socket;
        this.secure = socket.getSslSupport() != null;
        this.local = local;
        this.remote = remote;
        this.channel = socket.getSocket() instanceof NioChannel nio ? nio.getIOChannel() : null;
        this.tlsChannel = socket.getSocket() instanceof SecureNioChannel nio ? nio : null;
        this.tls = tlsChannel == null ? null : tlsChannel.getSslEngine();
    }

    /** Takes what Tomcat has read behind the request, in flush mode. */
    ByteBuffer takeReadAhead() throws IOException {
        if (!socket.hasDataToRead()) {
            return BufferUtil.EMPTY_BUFFER;
        }
        ByteBuffer bytes = ByteBuffer.allocate(
                socket.getSocketBufferHandler().getReadBuffer().capacity());
        socket.read(false, bytes);
        return bytes.flip();
    }

    /** Takes an event of the connection from Tomcat, on its thread. */
    void onEvent(SocketEvent event) {
        switch (event) {
            case OPEN_READ -> getFillInterest().fillable();
            case OPEN_WRITE -> getWriteFlusher().completeWrite();
            default -> {
                IOException cause = socket.getError();
                close(new IOException("Tomcat ended the connection (" + event + ')', cause));
            }
        }
    }

    @Override
    public int fill(ByteBuffer buffer) throws IOException {
        int position = BufferUtil.flipToFill(buffer);
        try {
            return isDirect() || outputEnded ? channel.read(buffer) : readThroughLayers(buffer);
        } finally {
            BufferUtil.flipToFlush(buffer, position);
        }
    }

    private boolean isDirect() {
        return channel != null && !secure;
    }

    private int readThroughLayers(ByteBuffer buffer) throws IOException {
        synchronized (layers) {
            try {
                return socket.read(false, buffer);
            } catch (EOFException end) {
                if (!secure || isCloseNotified()) {
                    return -1;
                }
                throw new IOException("the TLS connection ended without close_notify", end);
            } catch (IOException x) {
                if (isCloseNotified()) {
                    // So Tomcat tells of a close_notify without data before it.
                    return -1;
                }
                throw x;
            }
        }
    }

    private boolean isCloseNotified() {
        return tls != null && tls.isInboundDone();
    }

    @Override
    public boolean flush(ByteBuffer... buffers) throws IOException {
        if (isDirect()) {
            channel.write(buffers);
            return BufferUtil.isEmpty(buffers);
        }
        synchronized (layers) {
            // A write counts as done when Tomcat's buffers are empty: a close behind it loses nothing.
            if (socket.flush(false)) {
                return false;
            }
            for (ByteBuffer buffer : buffers) {
                socket.write(false, buffer);
            }
            return !socket.flush(false);
        }
    }

    @Override
    protected void needsFillInterest() {
        socket.registerReadInterest();
    }

    @Override
    protected void onIncompleteFlush() {
        socket.registerWriteInterest();
    }

    @Override
    protected void doShutdownOutput() {
        if (channel == null) {
            close();
            return;
        }
        try {
            if (tlsChannel != null) {
                sendCloseNotify();
            }
            outputEnded = true;
            channel.shutdownOutput();
        } catch (IOException x) {
            close();
        }
    }

    private void sendCloseNotify() throws IOException {
        synchronized (layers) {
            // A closed connection's layer serves another one by now.
            if (!socket.isClosed()) {
                tlsChannel.close();
            }
        }
    }

    @Override
    public void doClose() {
        synchronized (layers) {
            if (secure && isToReset()) {
                closeWithoutCloseNotify();
            }
            socket.close();
        }
    }

    private boolean isToReset() {
        try {
            return channel != null && channel.getOption(StandardSocketOptions.SO_LINGER) == 0;
        } catch (IOException closedAlready) {
            return false;
        }
    }

    /** A close_notify would look like an end in order. */
    private void closeWithoutCloseNotify() {
        try {
            channel.close();
        } catch (IOException x) {
            LOG.trace("The socket did not close", x);
        }
    }

    @Override
    public void onClose(Throwable failure) {
        super.onClose(failure);
        getConnection().onClose(failure);
    }

    @Override
    public boolean isSecure() {
        return secure;
    }

    @Override
    public SocketAddress getLocalSocketAddress() {
        return local;
    }

    @Override
    public SocketAddress getRemoteSocketAddress() {
        return remote;
    }

    @Override
    public Object getTransport() {
        return channel == null ? socket : channel;
    }
}
