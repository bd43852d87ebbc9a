package io.v2ws.tcp;

import io.v2ws.HostAndPort;
import io.v2ws.internal.net.ConnectResetException;
import io.v2ws.internal.net.HostName;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.util.thread.Scheduler;

/** One call of {@code TcpConnector.connect}: tries the addresses of a name in turn, within one deadline. */
final class TcpConnect {
    /** Makes the connection to one address. */
    interface Dialler {
        /**
         * Starts to connect.
         *
         * @param attempt completes with the stream, or with the failure
         * @return the channel, for {@link #abandon}
         * @throws IOException if the connect fails at once
         */
        SocketChannel dial(InetSocketAddress address, CompletableFuture<TcpStream> attempt) throws IOException;

        /** Closes the channel of an attempt that failed or took too long. */
        void abandon(SelectableChannel channel);
    }

    private final Dialler dialler;
    private final Scheduler scheduler;
    private final HostAndPort target;
    private final Duration timeout;
    private final long deadline;
    private final CompletableFuture<TcpStream> result;
    /** Why addresses failed; written by one attempt after the other, read by the deadline. */
    private volatile String failures = "";
    /**
     * Whether every address that failed did so by a reset; as {@code failures}, written by one attempt after the other.
     */
    private boolean onlyResets = true;

    private List<InetSocketAddress> addresses = List.of();
    private int next;

    TcpConnect(
            Dialler dialler,
            Scheduler scheduler,
            HostAndPort target,
            Duration timeout,
            CompletableFuture<TcpStream> result) {
        this.dialler = dialler;
        this.scheduler = scheduler;
        this.target = target;
        this.timeout = timeout;
        this.deadline = System.nanoTime() + timeout.toNanos();
        this.result = result;
    }

    /** Starts the deadline of look-up and connect together. */
    void start() {
        Scheduler.Task timer = scheduler.schedule(this::timedOut, timeout.toMillis(), TimeUnit.MILLISECONDS);
        result.whenComplete((stream, failure) -> timer.cancel());
    }

    private void timedOut() {
        fail(new SocketTimeoutException(
                "no connection to " + target.toDisplayString() + " within " + timeout.toMillis() + " ms" + failures));
    }

    void lookupFailed(Throwable cause) {
        if (cause instanceof UnknownHostException) {
            fail(new UnknownHostException(
                    "cannot find the address of " + HostName.withUnicode(target.host(), target.host())));
        } else {
            fail(new IOException(
                    "cannot look up " + HostName.withUnicode(target.host(), target.host()) + ": " + cause, cause));
        }
    }

    void resolved(List<InetSocketAddress> found) {
        addresses = found;
        tryNext();
    }

    private void tryNext() {
        if (result.isDone()) {
            return;
        }
        if (next == addresses.size()) {
            if (deadline - System.nanoTime() < TimeUnit.MILLISECONDS.toNanos(2)) {
                // The last address has had all the time that was left.
                timedOut();
                return;
            }
            fail(
                    onlyResets
                            ? new ConnectResetException(
                                    "the connection to " + target.toDisplayString() + " ended at once" + failures)
                            : new ConnectException("cannot connect to " + target.toDisplayString() + failures));
            return;
        }
        long share = (deadline - System.nanoTime()) / (addresses.size() - next);
        InetSocketAddress address = addresses.get(next++);
        CompletableFuture<TcpStream> attempt = new CompletableFuture<>();
        try {
            SocketChannel channel = dialler.dial(address, attempt);
            Scheduler.Task timer = scheduler.schedule(
                    () -> attempt.completeExceptionally(new SocketTimeoutException("no answer")),
                    Math.max(1, TimeUnit.NANOSECONDS.toMillis(share)),
                    TimeUnit.MILLISECONDS);
            attempt.whenComplete((stream, failure) -> {
                timer.cancel();
                attempted(address, channel, stream, failure);
            });
        } catch (IOException | RuntimeException x) {
            failed(address, x, false);
        }
    }

    private void attempted(InetSocketAddress address, SocketChannel channel, TcpStream stream, Throwable failure) {
        if (failure != null) {
            dialler.abandon(channel);
            failed(address, failure, ConnectResetException.isReset(failure));
        } else if (!result.complete(stream)) {
            stream.close();
        }
    }

    private void failed(InetSocketAddress address, Throwable cause, boolean reset) {
        onlyResets &= reset;
        String literal = address.getAddress().getHostAddress();
        failures += (failures.isEmpty() ? ": " : "; ")
                + (literal.equals(target.host()) ? "" : literal + " ")
                + (cause.getMessage() == null ? cause.toString() : cause.getMessage());
        tryNext();
    }

    private void fail(IOException failure) {
        result.completeExceptionally(failure);
    }
}
