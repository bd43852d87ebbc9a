package io.v2ws.internal.net;

import java.io.Closeable;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.eclipse.jetty.util.IO;
import org.eclipse.jetty.util.thread.AutoLock;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * One connect to a host: attempts at its addresses, of which the first to connect wins; see {@link HappyEyeballs}.
 * Nobody is called with the lock held.
 */
public final class AddressRace {
    /** How long an attempt is alone (RFC 8305, section 5). */
    static final Duration HEAD_START = Duration.ofMillis(250);

    /** Makes the connections of a race, and is told how the race ends. */
    public interface Dialler {
        /**
         * Starts to connect to one address, without blocking. When TCP stands, {@link Attempt#win} says whether the
         * connection is wanted; else {@link Attempt#failed} follows.
         *
         * @return closes the channel, if the attempt fails or another one wins
         * @throws IOException if the connect fails at once
         */
        Closeable dial(InetSocketAddress address, Attempt attempt) throws IOException;

        /** The race has ended without a connection. */
        void failed(IOException failure);

        /** The look-up has found these addresses, which are tried in this order. */
        default void resolved(List<InetSocketAddress> addresses) {}

        /** An attempt at this address begins. */
        default void connecting(InetSocketAddress address) {}

        /** An attempt at this address has failed, or lost. */
        default void attemptFailed(InetSocketAddress address, Throwable cause) {}

        /** This address has won. */
        default void connected(InetSocketAddress address) {}
    }

    private final HappyEyeballs eyeballs;
    private final Scheduler scheduler;
    private final String host;
    private final String name;
    private final Dialler dialler;
    private final AutoLock lock = new AutoLock();
    /** Null until the look-up has ended. */
    private List<InetSocketAddress> addresses;
    /** In the order in which they began. */
    private final List<Attempt> attempts = new ArrayList<>(1);

    private Scheduler.Task nextAttempt;
    private volatile boolean over;

    AddressRace(HappyEyeballs eyeballs, Scheduler scheduler, String host, String name, Dialler dialler) {
        this.eyeballs = eyeballs;
        this.scheduler = scheduler;
        this.host = host;
        this.name = name;
        this.dialler = dialler;
    }

    /** Whether somebody still waits for its end. */
    boolean isWanted() {
        return !over;
    }

    void lookupFailed(Throwable cause) {
        fail(
                cause instanceof UnknownHostException
                        ? new UnknownHostException("cannot find the address of " + name)
                        : new IOException("cannot look up the address of " + name + ": " + text(cause)));
    }

    void resolved(List<InetSocketAddress> found) {
        try (AutoLock ignored = lock.lock()) {
            if (over) {
                return;
            }
            addresses = found;
        }
        dialler.resolved(found);
        tryNext();
    }

    private void tryNext() {
        Attempt next = null;
        IOException failure = null;
        try (AutoLock ignored = lock.lock()) {
            if (over) {
                return;
            }
            if (attempts.size() < addresses.size()) {
                next = new Attempt(addresses.get(attempts.size()));
                attempts.add(next);
            } else if (attempts.stream().allMatch(attempt -> attempt.failure != null)) {
                failure = failureOfAll();
            }
        }
        if (next != null) {
            next.start();
        } else if (failure != null) {
            fail(failure);
        }
    }

    /** Tries the next address after a while, unless that has begun by then because of a failure. */
    private void tryNextLater() {
        Scheduler.Task previous;
        try (AutoLock ignored = lock.lock()) {
            if (over || attempts.size() == addresses.size()) {
                return;
            }
            int begun = attempts.size();
            previous = nextAttempt;
            nextAttempt = scheduler.schedule(() -> headStartOver(begun), HEAD_START.toMillis(), TimeUnit.MILLISECONDS);
        }
        if (previous != null) {
            previous.cancel();
        }
    }

    private void headStartOver(int begun) {
        try (AutoLock ignored = lock.lock()) {
            if (attempts.size() != begun) {
                return;
            }
        }
        tryNext();
    }

    private IOException failureOfAll() {
        if (all(ConnectResetException::isReset)) {
            return new ConnectResetException("the connection to " + name + " ended at once" + reasons());
        }
        String message = "cannot connect to " + name + reasons();
        return all(NoRouteToHostException.class::isInstance)
                ? new NoRouteToHostException(message)
                : new ConnectException(message);
    }

    private boolean all(Predicate<Throwable> kind) {
        return attempts.stream().allMatch(attempt -> kind.test(attempt.failure));
    }

    /** Returns why each address that was tried failed. */
    private String reasons() {
        StringBuilder reasons = new StringBuilder();
        for (Attempt attempt : attempts) {
            String literal = attempt.address.getAddress().getHostAddress();
            reasons.append(reasons.isEmpty() ? ": " : "; ")
                    .append(literal.equals(host) ? "" : literal + " ")
                    .append(attempt.failure == null ? "no answer" : text(attempt.failure));
        }
        return reasons.toString();
    }

    private static String text(Throwable cause) {
        if (cause instanceof SocketTimeoutException) {
            return "no answer";
        }
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }

    /** Returns what the race waits for, with the reasons of failed attempts. */
    public String pending() {
        try (AutoLock ignored = lock.lock()) {
            return addresses == null ? "DNS: no answer for " + HostName.withUnicode(host, host) : "TCP" + reasons();
        }
    }

    /** Fails with a {@link ConnectTimeoutException} if there is no connection yet. */
    public void timeOut(Duration timeout) {
        fail(new ConnectTimeoutException(
                "no connection to " + name + " within " + timeout.toMillis() + " ms: " + pending()));
    }

    /** Gives all attempts up; the dialler hears no more. */
    public void cancel() {
        List<Attempt> left = end(null);
        if (left != null) {
            left.forEach(Attempt::close);
        }
    }

    private void fail(IOException failure) {
        List<Attempt> left = end(null);
        if (left != null) {
            left.forEach(Attempt::close);
            eyeballs.failed(host);
            dialler.failed(failure);
        }
    }

    /**
     * Ends the race.
     *
     * @param winner null for none
     * @return the attempts that are given up; null if the race had ended before
     */
    private List<Attempt> end(Attempt winner) {
        Scheduler.Task timer;
        List<Attempt> left;
        try (AutoLock ignored = lock.lock()) {
            if (over) {
                return null;
            }
            over = true;
            timer = nextAttempt;
            left = attempts.stream()
                    .filter(attempt -> attempt != winner && attempt.failure == null)
                    .toList();
        }
        if (timer != null) {
            timer.cancel();
        }
        return left;
    }

    /** A connect to one address. */
    public final class Attempt {
        private final InetSocketAddress address;
        private final long began = System.nanoTime();
        /** The fields below are guarded by the lock of the race. Null until it has failed. */
        private Throwable failure;

        private boolean won;
        private boolean closed;
        /** Null until the dialler has returned it. */
        private Closeable channel;

        private Attempt(InetSocketAddress address) {
            this.address = address;
        }

        private void start() {
            try {
                dialler.connecting(address);
                dialled(dialler.dial(address, this));
            } catch (IOException | RuntimeException x) {
                failed(x);
                return;
            }
            tryNextLater();
        }

        private void dialled(Closeable opened) {
            boolean late;
            try (AutoLock ignored = lock.lock()) {
                channel = opened;
                late = closed;
            }
            if (late) {
                IO.close(opened);
            }
        }

        private void close() {
            Closeable opened;
            try (AutoLock ignored = lock.lock()) {
                closed = true;
                opened = channel;
            }
            IO.close(opened);
        }

        /** TCP stands: returns whether this attempt is the first. If not, the caller closes the connection. */
        public boolean win() {
            List<Attempt> losers = end(this);
            if (losers == null) {
                return false;
            }
            boolean first;
            try (AutoLock ignored = lock.lock()) {
                won = true;
                first = attempts.get(0) == this;
            }
            losers.forEach(Attempt::lose);
            eyeballs.won(host, address, first);
            dialler.connected(address);
            return true;
        }

        private void lose() {
            close();
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
            dialler.attemptFailed(
                    address,
                    new SocketTimeoutException("no answer within " + millis + " ms, another address was faster"));
        }

        /** The attempt has failed; the next address is tried at once. */
        public void failed(Throwable cause) {
            boolean late;
            boolean winner;
            try (AutoLock ignored = lock.lock()) {
                winner = won;
                late = over || failure != null;
                if (!late) {
                    failure = cause;
                }
            }
            if (winner) {
                dialler.failed(cause instanceof IOException io ? io : new IOException(text(cause), cause));
            } else if (!late) {
                close();
                dialler.attemptFailed(address, cause);
                tryNext();
            }
        }
    }
}
