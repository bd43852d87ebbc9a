package io.v2ws.server;

import io.v2ws.internal.io.FlushedBytes;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.apache.coyote.http11.upgrade.InternalHttpUpgradeHandler;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.SecureNio2Channel;
import org.apache.tomcat.util.net.SecureNioChannel;
import org.apache.tomcat.util.net.SocketEvent;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.eclipse.jetty.io.Connection;
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
 * <p>Safe for any thread. Tomcat calls under a lock of the connection.
 */
final class TomcatEndPoint extends ContainerEndPoint implements FlushedBytes {
    private static final Logger LOG = LoggerFactory.getLogger(WebSocketUpgradeFilter.class);

    /** No TLS record decrypts to more. Into less room Tomcat decrypts one record by way of a buffer of its own. */
    private static final int RECORD = 17 * 1024;

    private final SocketWrapperBase<?> socket;
    /** The socket, or null where Tomcat does not show it. */
    private final SocketChannel channel;
    /** Tomcat's layer of TLS, or null if there is none, or Tomcat does not show it. */
    private final SecureNioChannel tlsChannel;
    /** The engine of TLS, or null without. */
    private final SSLEngine tls;

    /**
     * Guards what is done through Tomcat's layers: they use one buffer of TLS for reads and writes, and give those of a
     * closed connection to the next one.
     */
    private final Object layers = new Object();

    /** Whether Tomcat's layers are not to be used any more. Guarded by {@code layers}. */
    private boolean layersEnded;
    /** Whether the peer has ended its output in order. Guarded by {@code layers}. */
    private boolean inputEnded;
    /** Why no more can be read, or null: Tomcat tells once, and then of an end in order. Guarded by {@code layers}. */
    private IOException broken;

    private volatile long bytesFlushed;

    /** Makes the end point of a connection whose 101 has gone out. */
    TomcatEndPoint(SocketWrapperBase<?> socket, Scheduler scheduler, SocketAddress local, SocketAddress remote) {
        super(scheduler, local, remote);
        this.socket = socket;
        Object shown = socket.getSocket();
        this.channel = shown instanceof NioChannel nio ? nio.getIOChannel() : null;
        this.tlsChannel = shown instanceof SecureNioChannel nio ? nio : null;
        this.tls = engineOf(shown);
    }

    private static SSLEngine engineOf(Object shown) {
        if (shown instanceof SecureNioChannel nio) {
            return nio.getSslEngine();
        }
        return shown instanceof SecureNio2Channel nio2 ? nio2.getSslEngine() : null;
    }

    @Override
    void start() throws IOException {
        ((Connection.UpgradeTo) getConnection()).onUpgradeTo(takeReadAhead());
        onOpen();
        getConnection().onOpen();
    }

    /** Takes what Tomcat has read behind the request, in flush mode. */
    private ByteBuffer takeReadAhead() throws IOException {
        if (socket.getSocketBufferHandler().isReadBufferEmpty()) {
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
            default -> close(new IOException("Tomcat ended the connection (" + event + ')', socket.getError()));
        }
    }

    /** Waits until no thread uses Tomcat's layers, and keeps all threads from using them again. */
    void endLayers() {
        synchronized (layers) {
            layersEnded = true;
        }
    }

    @Override
    public int fill(ByteBuffer buffer) throws IOException {
        int position = BufferUtil.flipToFill(buffer);
        try {
            return tls == null && channel != null ? channel.read(buffer) : readThroughLayers(buffer);
        } finally {
            BufferUtil.flipToFlush(buffer, position);
        }
    }

    private int readThroughLayers(ByteBuffer buffer) throws IOException {
        synchronized (layers) {
            if (layersEnded) {
                // Behind the end of the output Tomcat does not decrypt; what still comes is dropped.
                return channel == null ? -1 : channel.read(buffer);
            }
            if (inputEnded || broken != null) {
                return endOrFailure();
            }
            int before = buffer.position();
            try {
                return decrypt(buffer);
            } catch (IOException x) {
                noteEnd(x);
                int count = buffer.position() - before;
                return count > 0 ? count : endOrFailure();
            }
        }
    }

    private int decrypt(ByteBuffer buffer) throws IOException {
        checkOpen();
        if (tlsChannel == null
                || buffer.remaining() < RECORD
                || !socket.getSocketBufferHandler().isReadBufferEmpty()) {
            return socket.read(false, buffer);
        }
        int count = tlsChannel.read(buffer);
        if (count < 0) {
            throw new EOFException();
        }
        return count;
    }

    /**
     * Notes how the input ended. Tomcat tells of a FIN by an {@link EOFException}, of a close_notify without data before
     * it by another exception. A record that is not the peer's ends the engine's input as a close_notify does.
     */
    private void noteEnd(IOException x) {
        if (x instanceof SSLException) {
            broken = x;
        } else if (tls == null ? x instanceof EOFException : tls.isInboundDone()) {
            inputEnded = true;
        } else {
            broken = x instanceof EOFException ? new EOFException("the TLS connection ended without close_notify") : x;
        }
    }

    private int endOrFailure() throws IOException {
        if (inputEnded) {
            return -1;
        }
        throw broken instanceof EOFException
                ? new EOFException(broken.getMessage())
                : new IOException(broken.getMessage(), broken);
    }

    private void checkOpen() throws IOException {
        if (layersEnded || socket.isClosed()) {
            throw new ClosedChannelException();
        }
    }

    @Override
    public boolean flush(ByteBuffer... buffers) throws IOException {
        if (tls == null && channel != null) {
            bytesFlushed += channel.write(buffers);
            return BufferUtil.isEmpty(buffers);
        }
        synchronized (layers) {
            checkOpen();
            return flushThroughLayers(buffers);
        }
    }

    /**
     * Hands Tomcat a piece at a time, and is done when its buffers are empty: a close behind it loses nothing, and no
     * more than one piece lies there.
     */
    private boolean flushThroughLayers(ByteBuffer... buffers) throws IOException {
        if (socket.flush(false)) {
            return false;
        }
        for (ByteBuffer buffer : buffers) {
            while (buffer.hasRemaining()) {
                int limit = buffer.limit();
                int length = Math.min(buffer.remaining(), RECORD);
                buffer.limit(buffer.position() + length);
                socket.write(false, buffer);
                buffer.limit(limit);
                bytesFlushed += length;
                if (socket.flush(false)) {
                    return false;
                }
            }
        }
        return true;
    }

    @Override
    public long bytesFlushed() {
        return bytesFlushed;
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
            synchronized (layers) {
                sendCloseNotify();
                layersEnded = true;
            }
            channel.shutdownOutput();
        } catch (IOException x) {
            close();
        }
    }

    /** With the monitor of {@code layers} held. */
    private void sendCloseNotify() throws IOException {
        if (tlsChannel != null && !layersEnded && !socket.isClosed()) {
            tlsChannel.close();
        }
    }

    /**
     * Closes the socket, and has Tomcat clean up behind it on a thread of its own, under its lock: what it keeps of a
     * connection would stay if the connection were closed here while Tomcat handles an event.
     */
    @Override
    public void doClose() {
        synchronized (layers) {
            try {
                // To a peer a close_notify before a reset would be an end in order.
                if (!isToReset()) {
                    sendCloseNotify();
                }
            } catch (IOException x) {
                LOG.trace("No close_notify", x);
            }
            layersEnded = true;
        }
        closeChannel();
        socket.processSocket(SocketEvent.ERROR, true);
    }

    private boolean isToReset() throws IOException {
        return channel != null && channel.getOption(StandardSocketOptions.SO_LINGER) == 0;
    }

    private void closeChannel() {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException x) {
                LOG.trace("The socket did not close", x);
            }
        }
    }

    @Override
    public boolean isSecure() {
        return tls != null;
    }

    @Override
    public Object getTransport() {
        return channel == null ? socket : channel;
    }
}
