package io.v2ws.internal.websocket;

import io.v2ws.WebSocketStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Sends pings: those of keepalive, and measured ones, which carry eight random bytes. There is at
 * most one of each kind on its way, whatever the peer does. All fields are guarded by this object's monitor,
 * which costs no memory.
 */
public final class Pings {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final FrameEngine engine;
    private final Scheduler scheduler;
    private boolean sending;
    /** How much of the stream had gone out before the newest ping of keepalive. */
    private long newest;

    private volatile long confirmed;
    private Measured measured;
    private IOException end;

    /** A ping whose pong is waited for. */
    private static final class Measured {
        private final long payload = RANDOM.nextLong();
        private final long sent = System.nanoTime();
        private final CompletableFuture<Duration> result = new CompletableFuture<>();
    }

    Pings(FrameEngine engine, Scheduler scheduler) {
        this.engine = engine;
        this.scheduler = scheduler;
    }

    /**
     * Sends a ping, unless the last one has not gone out yet: a second behind a stuck write says no more. Its payload
     * is {@code bytesOut}, so that the pong tells what it confirms: a peer may answer the newest of several pings alone
     * (RFC 6455, 5.5.3).
     *
     * @param bytesOut how much of the stream went out before it
     */
    void keepAlive(long bytesOut) {
        synchronized (this) {
            if (sending) {
                return;
            }
            sending = true;
            newest = bytesOut;
        }
        engine.sendPing(payload(bytesOut), Callback.from(this::sent, x -> {}));
    }

    private void sent() {
        synchronized (this) {
            sending = false;
        }
    }

    private static ByteBuffer payload(long value) {
        return ByteBuffer.allocate(Long.BYTES).putLong(value).flip();
    }

    /** See {@link WebSocketStream#ping}. */
    CompletableFuture<Duration> measure(Duration timeout) {
        Measured ping = new Measured();
        synchronized (this) {
            if (end != null) {
                return CompletableFuture.failedFuture(end);
            }
            if (measured != null) {
                throw new IllegalStateException("ping pending: one at a time");
            }
            measured = ping;
        }
        Scheduler.Task timer = scheduler.schedule(
                () -> finish(ping, new TimeoutException("no pong within " + timeout.toMillis() + " ms")),
                timeout.toMillis(),
                TimeUnit.MILLISECONDS);
        ping.result.whenComplete((time, failure) -> timer.cancel());
        engine.sendPing(payload(ping.payload), Callback.from(() -> {}, x -> finish(ping, x)));
        return ping.result;
    }

    /** How many bytes of the stream the peer is known to have taken: its pongs come behind them. */
    long confirmed() {
        return confirmed;
    }

    /** A pong came; most answer no measured ping. */
    void pong(ByteBuffer payload) {
        long now = System.nanoTime();
        if (payload.remaining() != Long.BYTES) {
            return;
        }
        long value = payload.getLong(payload.position());
        Measured answered;
        synchronized (this) {
            answered = measured;
            if (answered == null || value != answered.payload) {
                if (value > confirmed && value <= newest) {
                    confirmed = value;
                }
                return;
            }
            measured = null;
        }
        answered.result.complete(Duration.ofNanos(now - answered.sent));
    }

    /** The stream has ended. */
    void fail(IOException cause) {
        Measured waiting;
        synchronized (this) {
            end = cause;
            waiting = measured;
        }
        if (waiting != null) {
            finish(waiting, cause);
        }
    }

    private void finish(Measured ping, Throwable failure) {
        synchronized (this) {
            if (measured == ping) {
                measured = null;
            }
        }
        ping.result.completeExceptionally(failure);
    }
}
