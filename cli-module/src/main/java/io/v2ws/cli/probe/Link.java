package io.v2ws.cli.probe;

import io.v2ws.StreamOutcome;
import io.v2ws.WebSocketCloseException;
import io.v2ws.WebSocketStream;
import io.v2ws.client.WebSocketTransportClient;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.util.Callback;

/** One open tunnel. Not thread-safe; every wait has a time limit. */
final class Link implements AutoCloseable {
    private final WebSocketStream stream;
    private final Inbox inbox;
    private final Duration openTook;

    private Link(WebSocketStream stream, Duration openTook) {
        this.stream = stream;
        this.openTook = openTook;
        this.inbox = Inbox.of(stream);
    }

    /**
     * Opens a tunnel.
     *
     * @param first bytes for the upgrade request, if the client uses early data; empty for none
     * @throws IOException if the tunnel does not open in time; a {@link io.v2ws.client.HandshakeException} if it was
     *     refused
     */
    static Link open(WebSocketTransportClient client, byte[] first, TimeLimit limit)
            throws IOException, InterruptedException {
        long start = System.nanoTime();
        CompletableFuture<WebSocketStream> connecting = client.connect();
        WebSocketStream stream = null;
        try {
            stream = get(connecting, limit, "no tunnel");
            if (first.length > 0) {
                write(stream, first, limit);
            }
            return new Link(stream, Duration.ofNanos(System.nanoTime() - start));
        } catch (IOException x) {
            connecting.cancel(false);
            if (stream != null) {
                stream.abort(x);
            }
            throw x;
        }
    }

    /** How long it took to open. */
    Duration openTook() {
        return openTook;
    }

    Inbox inbox() {
        return inbox;
    }

    /** Sends bytes as one message. */
    void write(byte[] bytes, TimeLimit limit) throws IOException, InterruptedException {
        write(stream, bytes, limit);
    }

    private static void write(WebSocketStream stream, byte[] bytes, TimeLimit limit)
            throws IOException, InterruptedException {
        Callback.Completable written = new Callback.Completable();
        stream.write(false, ByteBuffer.wrap(bytes), written);
        get(written, limit, "nothing could be sent");
    }

    /** Sends a ping and waits for its pong. */
    Duration ping(TimeLimit limit) throws IOException, InterruptedException {
        Duration left = limit.left().plusMillis(1);
        // The stream's own timeout expires first.
        return get(stream.ping(left), TimeLimit.in(left.plusSeconds(1)), "no pong");
    }

    /** Number of pings that the peer has sent. */
    long pingsReceived() {
        return stream.pingsReceived();
    }

    /** Closes and waits for the end of the connection. */
    StreamOutcome closeAndWait(TimeLimit limit) throws IOException, InterruptedException {
        stream.close();
        return get(stream.closed(), limit, "no end");
    }

    /** The code of the peer's Close frame, see {@link WebSocketStream#closeCode}. */
    int closeCode() {
        return stream.closeCode();
    }

    /** Returns how the tunnel ended, for the report. */
    String end() {
        int code = stream.closeCode();
        if (code != WebSocketCloseException.NO_CLOSE_FRAME) {
            return "a Close frame " + (code == 1005 ? "without a code" : "with code " + code);
        }
        IOException failure = inbox.failure();
        return failure == null || failure instanceof WebSocketCloseException
                ? "the end of the connection, without a Close frame"
                : FailureText.message(failure);
    }

    /** Closes without waiting. */
    @Override
    public void close() {
        stream.close();
    }

    private static <T> T get(Future<T> future, TimeLimit limit, String what) throws IOException, InterruptedException {
        try {
            return future.get(Math.max(1, limit.left().toNanos()), TimeUnit.NANOSECONDS);
        } catch (ExecutionException x) {
            throw FailureText.io(x.getCause());
        } catch (TimeoutException x) {
            throw new SocketTimeoutException(what + " in time");
        }
    }
}
