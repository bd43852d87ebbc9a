package io.v2ws.client.socket;

import io.v2ws.WebSocketStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.util.Callback;

/** A {@link Socket} whose bytes go through a tunnel, see {@link TunnelSocketFactory}. */
final class TunnelSocket extends TunnelSocketOptions {
    /** The handshake has the same deadline, and its failure says what it waited for. */
    private static final long GRACE_MILLIS = 250;

    private final ClientSource source;
    /** What a thread in connect waits for, else null. */
    private volatile CompletableFuture<WebSocketStream> connecting;
    /** Set once, by connect. */
    private volatile WebSocketStream stream;

    private volatile TunnelInputStream input;
    private volatile OutputStream output;
    private volatile InetSocketAddress remote;
    /** How many threads are in a write. */
    private final AtomicInteger writers = new AtomicInteger();

    private volatile boolean closed;
    private volatile boolean inputShutdown;
    private volatile boolean outputShutdown;

    TunnelSocket(ClientSource source) {
        this.source = source;
    }

    @Override
    public void connect(SocketAddress endpoint) throws IOException {
        connect(endpoint, 0);
    }

    @Override
    public synchronized void connect(SocketAddress endpoint, int timeout) throws IOException {
        if (!(endpoint instanceof InetSocketAddress address)) {
            throw new IllegalArgumentException("endpoint: expected an InetSocketAddress, got " + endpoint);
        }
        if (timeout < 0) {
            throw new IllegalArgumentException("timeout: expected 0 or more, got " + timeout);
        }
        requireOpen();
        if (stream != null) {
            throw new SocketException("already connected");
        }
        ClientSource.Tunnels tunnels = source.acquire();
        WebSocketStream opened;
        try {
            opened = open(tunnels, timeout);
        } catch (IOException | RuntimeException x) {
            source.release();
            throw x;
        }
        // Not with close: drivers drop a socket that failed without closing it.
        opened.closed().whenComplete((outcome, failure) -> source.release());
        connected(address, opened);
    }

    private void connected(InetSocketAddress address, WebSocketStream opened) throws SocketException {
        TunnelInputStream in = new TunnelInputStream(opened);
        in.setTimeout(super.getSoTimeout());
        input = in;
        output = new TunnelOutputStream(opened.asOutputStream());
        remote = address;
        stream = opened;
        if (closed) {
            opened.close();
            throw new SocketException("Socket closed");
        }
        in.watch();
    }

    private WebSocketStream open(ClientSource.Tunnels tunnels, int timeout) throws IOException {
        Duration bound = tunnels.client().options().handshakeTimeout();
        if (timeout > 0 && timeout < bound.toMillis()) {
            // With early data the handshake comes with the first write, and this bound with it.
            bound = Duration.ofMillis(timeout);
        }
        CompletableFuture<WebSocketStream> opening = tunnels.client().connect(tunnels.serverFirstWait(), bound);
        connecting = opening;
        try {
            if (closed) {
                giveUp(opening);
            }
            return await(opening, (timeout == 0 ? bound.toMillis() : timeout) + GRACE_MILLIS);
        } catch (CancellationException x) {
            throw socketClosed(x);
        } catch (IOException x) {
            throw closed ? socketClosed(x) : x;
        } finally {
            connecting = null;
        }
    }

    private static SocketException socketClosed(Exception cause) {
        SocketException told = new SocketException("Socket closed");
        told.initCause(cause);
        return told;
    }

    private static WebSocketStream await(CompletableFuture<WebSocketStream> connecting, long timeout)
            throws IOException {
        try {
            return connecting.get(timeout, TimeUnit.MILLISECONDS);
        } catch (ExecutionException x) {
            Throwable cause = x.getCause();
            throw cause instanceof IOException io ? io : new IOException(cause.getMessage(), cause);
        } catch (TimeoutException x) {
            giveUp(connecting);
            throw new SocketTimeoutException("no tunnel within " + timeout + " ms");
        } catch (InterruptedException x) {
            giveUp(connecting);
            Thread.currentThread().interrupt();
            throw new SocketException("interrupted while connecting");
        }
    }

    private static void giveUp(CompletableFuture<WebSocketStream> connecting) {
        if (!connecting.cancel(true)) {
            // It opened just now.
            connecting.thenAccept(late -> late.abort(new SocketException("nobody waits for it any more")));
        }
    }

    @Override
    public InputStream getInputStream() throws IOException {
        requireConnected();
        if (inputShutdown) {
            throw new SocketException("Socket input is shutdown");
        }
        return new SocketInput();
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        requireConnected();
        if (outputShutdown) {
            throw new SocketException("Socket output is shutdown");
        }
        return output;
    }

    @Override
    public void setSoTimeout(int millis) throws SocketException {
        requireOpen();
        super.setSoTimeout(millis);
        TunnelInputStream in = input;
        if (in != null) {
            in.setTimeout(millis);
        }
    }

    /**
     * Bytes that were written still go out, in the background. The tunnel is reset instead with SO_LINGER 0, and while
     * another thread writes: its bytes would not go out whole.
     */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        CompletableFuture<WebSocketStream> opening = connecting;
        if (opening != null) {
            giveUp(opening);
        }
        WebSocketStream opened = stream;
        if (opened != null) {
            if (getSoLinger() == 0) {
                opened.abort(new SocketException("closed with SO_LINGER 0"));
            } else if (writers.get() > 0) {
                opened.abort(new SocketException("closed while another thread was writing"));
            } else {
                opened.close();
            }
            // After the close, which ends the wait of a blocked reader.
            input.discard();
        }
    }

    @Override
    public void shutdownInput() throws IOException {
        requireConnected();
        inputShutdown = true;
        input.shutDown();
    }

    @Override
    public void shutdownOutput() throws IOException {
        requireConnected();
        if (outputShutdown) {
            throw new SocketException("Socket output is already shutdown");
        }
        outputShutdown = true;
        // The end goes out behind the bytes that were written; no need to wait for it.
        stream.write(true, ByteBuffer.allocate(0), Callback.NOOP);
    }

    @Override
    public boolean isConnected() {
        return stream != null;
    }

    @Override
    public boolean isBound() {
        return stream != null;
    }

    @Override
    public boolean isClosed() {
        return closed;
    }

    @Override
    public boolean isInputShutdown() {
        return inputShutdown;
    }

    @Override
    public boolean isOutputShutdown() {
        return outputShutdown;
    }

    /** The address the socket was connected to; null before that, and for a host name, which is never looked up. */
    @Override
    public InetAddress getInetAddress() {
        return remote == null ? null : remote.getAddress();
    }

    @Override
    public int getPort() {
        return remote == null ? 0 : remote.getPort();
    }

    @Override
    public SocketAddress getRemoteSocketAddress() {
        return remote;
    }

    @Override
    public SocketAddress getLocalSocketAddress() {
        WebSocketStream opened = stream;
        SocketAddress local = opened == null ? null : opened.localAddress();
        return local == null ? new InetSocketAddress(0) : local;
    }

    @Override
    public InetAddress getLocalAddress() {
        return ((InetSocketAddress) getLocalSocketAddress()).getAddress();
    }

    @Override
    public int getLocalPort() {
        return stream == null ? -1 : ((InetSocketAddress) getLocalSocketAddress()).getPort();
    }

    /** Names the tunnel and the address. */
    @Override
    public String toString() {
        return "TunnelSocket[" + (remote == null ? "unconnected" : remote) + " through " + source + "]";
    }

    private void requireOpen() throws SocketException {
        if (closed) {
            throw new SocketException("Socket is closed");
        }
    }

    private void requireConnected() throws SocketException {
        requireOpen();
        if (stream == null) {
            throw new SocketException("Socket is not connected");
        }
    }

    /** The input; closing it closes the socket. */
    private final class SocketInput extends InputStream {
        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            requireOpen();
            if (inputShutdown) {
                return -1;
            }
            int count;
            try {
                count = input.read(bytes, offset, length);
            } catch (IOException x) {
                throw closed ? socketClosed(x) : x;
            }
            if (count < 0 && closed) {
                throw new SocketException("Socket closed");
            }
            return count;
        }

        @Override
        public int available() throws IOException {
            requireOpen();
            return inputShutdown ? 0 : input.available();
        }

        @Override
        public void close() {
            TunnelSocket.this.close();
        }
    }

    /** The output; closing it closes the socket. */
    private final class TunnelOutputStream extends FilterOutputStream {
        private volatile boolean failed;

        TunnelOutputStream(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            writers.incrementAndGet();
            try {
                // After the count: a close either sees this writer, or is seen here.
                requireOpen();
                if (outputShutdown) {
                    throw new SocketException("Socket output is shutdown");
                }
                out.write(bytes, offset, length);
            } catch (IOException x) {
                boolean told = failed;
                failed = true;
                if (!told || closed || !source.failsWritesOnce()) {
                    throw closed ? socketClosed(x) : x;
                }
            } finally {
                writers.decrementAndGet();
            }
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void close() {
            TunnelSocket.this.close();
        }
    }
}
