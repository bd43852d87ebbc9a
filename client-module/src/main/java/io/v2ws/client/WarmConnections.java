package io.v2ws.client;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.client.transport.HttpDestination;
import org.eclipse.jetty.client.transport.HttpExchange;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.thread.AutoLock;
import org.eclipse.jetty.util.thread.Scheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Keeps connections open for the next tunnels, and replaces those that were used, aged or died; the replacement of an aged
 * one is opened first. What cannot be had is no error: the tunnel takes a fresh connection.
 *
 * <p>The fields are guarded by {@code lock}; nothing is called with it held. Idle connections hold no thread.
 */
final class WarmConnections extends AbstractLifeCycle {
    private static final Logger LOG = LoggerFactory.getLogger(WarmConnections.class);

    /** A connection that lives less long tells of a server that does not want it. */
    private static final long SHORT_LIFE = TimeUnit.SECONDS.toNanos(2);

    private final AutoLock lock = new AutoLock();
    private final int size;
    private final Duration openTimeout;
    private final String dialled;
    private final AgeLimit limit;
    private final RetryPause pause;
    private final WarmAges ages;
    private final ReadyConnections ready = new ReadyConnections();
    /** How many are on their way. */
    private int opening;
    /** Whether one was used that was opened since the last failure. */
    private boolean tried;

    private HttpDestination destination;

    /**
     * Makes them; {@link #connectTo} and {@link #start} follow.
     *
     * @param size how many, more than zero
     * @param openTimeout for TCP, proxy and TLS together
     * @param dialled the server or a proxy, for the log
     */
    WarmConnections(int size, Duration maxAge, Duration openTimeout, Scheduler scheduler, String dialled) {
        this.size = size;
        this.openTimeout = openTimeout;
        this.dialled = dialled;
        this.limit = new AgeLimit(maxAge);
        this.pause = new RetryPause(scheduler);
        this.ages = new WarmAges(scheduler, this::waiting, this::expired);
    }

    void connectTo(HttpDestination server) {
        destination = server;
    }

    @Override
    protected void doStart() {
        fill();
    }

    @Override
    protected void doStop() {
        // Those that are on their way end with the HTTP client.
        try (AutoLock ignored = lock.lock()) {
            pause.end();
        }
        ages.destroy();
        closeAll();
    }

    private void closeAll() {
        List<WarmConnection> all;
        try (AutoLock ignored = lock.lock()) {
            all = ready.pollAll();
        }
        all.forEach(WarmConnection::close);
    }

    /** Sends a request on one of them; returns false, and has not touched the request, if there is none. */
    boolean send(HttpExchange exchange) {
        WarmConnection warm = take();
        boolean sent = warm != null && warm.send(exchange);
        fill();
        return sent;
    }

    private WarmConnection take() {
        List<WarmConnection> unclear = new ArrayList<>(0);
        WarmConnection found = null;
        while (found == null) {
            WarmConnection next;
            try (AutoLock ignored = lock.lock()) {
                next = ready.pollYoungest();
            }
            if (next == null) {
                break;
            }
            switch (next.pulse()) {
                case QUIET -> found = next;
                case BUSY -> unclear.add(next);
                case ENDED -> died(next);
            }
        }
        try (AutoLock ignored = lock.lock()) {
            ready.putBack(unclear);
            tried |= found != null && pause.isOver(found.born());
        }
        // The end of one that was not at its place went unnoticed.
        unclear.stream().filter(WarmConnection::isClosed).forEach(this::ended);
        return found;
    }

    /** How many could be used this moment. */
    int fit() {
        return (int) waiting().stream()
                .filter(warm -> warm.pulse() == WarmConnection.Pulse.QUIET)
                .count();
    }

    private List<WarmConnection> waiting() {
        try (AutoLock ignored = lock.lock()) {
            return ready.all();
        }
    }

    /** Gives up all that were opened until now: one has turned out to be dead, and nobody had noticed. */
    void discard() {
        closeAll();
        fill();
    }

    /** A tunnel has come about: the server is there. */
    void reached() {
        boolean recovered;
        try (AutoLock ignored = lock.lock()) {
            pause.end();
            recovered = tried && pause.recover();
        }
        recovered(recovered);
    }

    private void recovered(boolean recovered) {
        if (recovered) {
            LOG.info("Connections to {} are kept ready again", dialled);
        }
        fill();
    }

    private void fill() {
        while (reserve()) {
            WarmConnection.open(destination, openTimeout).whenComplete((warm, failure) -> {
                if (warm != null) {
                    opened(warm);
                } else {
                    failed(1, failure);
                }
            });
        }
    }

    private boolean reserve() {
        try (AutoLock ignored = lock.lock()) {
            if (!isRunning() || pause.pausing() || ready.young() + opening >= size) {
                return false;
            }
            // After a failure one at a time, and the next only once that one has lived for a while.
            if (pause.failing() && (opening > 0 || !ready.allYoung(warm -> warm.age() >= SHORT_LIFE))) {
                return false;
            }
            opening++;
            return true;
        }
    }

    private void opened(WarmConnection warm) {
        long hardAge;
        boolean wanted;
        WarmConnection replaced;
        try (AutoLock ignored = lock.lock()) {
            hardAge = limit.nanos(System.nanoTime());
        }
        warm.keep(hardAge);
        try (AutoLock ignored = lock.lock()) {
            opening--;
            wanted = isRunning();
            replaced = ready.pollReplaced();
            if (wanted) {
                warm.expireAt(pause.failing() ? Math.min(SHORT_LIFE, warm.softAge()) : warm.softAge());
                ready.add(warm);
            }
        }
        if (replaced != null) {
            replaced.close();
        }
        if (wanted) {
            ages.schedule(warm);
            warm.onEnd(() -> ended(warm));
        } else {
            warm.close();
        }
    }

    private void ended(WarmConnection warm) {
        boolean waited;
        try (AutoLock ignored = lock.lock()) {
            waited = ready.remove(warm);
        }
        if (waited) {
            died(warm);
        }
    }

    /** The far end has closed one that was waiting. */
    private void died(WarmConnection warm) {
        warm.close();
        long age = warm.age();
        long millis = TimeUnit.NANOSECONDS.toMillis(age);
        if (age < SHORT_LIFE) {
            failed(0, new ConnectionEndedException("closed after " + millis + " ms", null));
            return;
        }
        try (AutoLock ignored = lock.lock()) {
            limit.died(warm.born(), warm.born() + age);
        }
        LOG.debug("Warm connection to {} closed by the far end after {} ms", dialled, millis);
        fill();
    }

    /**
     * Begins a pause.
     *
     * @param attempts how many attempts to open one have ended by that
     */
    private void failed(int attempts, Throwable failure) {
        boolean first;
        try (AutoLock ignored = lock.lock()) {
            opening -= attempts;
            if (!isRunning()) {
                return;
            }
            first = !pause.failing();
            tried = false;
            pause.fail(this::resume);
        }
        IOException reason = failure instanceof ConnectionEndedException ended
                ? ended
                : Refusal.explain(dialled, null, null, failure);
        if (first) {
            // A server that is restarted ends them, too.
            LOG.atLevel(Refusal.isDisconnect(reason) ? Level.INFO : Level.WARN)
                    .log(
                            "Cannot keep connections ready to {}: {}; tunnels take fresh ones",
                            dialled,
                            reason.getMessage());
        } else {
            LOG.debug("Still no connection ready to {}: {}", dialled, reason.getMessage());
        }
    }

    private void resume() {
        try (AutoLock ignored = lock.lock()) {
            pause.end();
        }
        fill();
    }

    /** One has come to an age at which something is to be done. */
    private void expired(WarmConnection warm) {
        boolean close = false;
        boolean recovered;
        try (AutoLock ignored = lock.lock()) {
            long age = warm.age();
            if (age >= warm.hardAge()) {
                close = ready.remove(warm);
                warm.expireNever();
            } else if (age >= warm.softAge()) {
                ready.age(warm);
                warm.expireAt(warm.hardAge());
            } else {
                warm.expireAt(warm.softAge());
            }
            // It has lived.
            recovered = pause.isOver(warm.born()) && pause.recover();
        }
        if (close) {
            warm.close();
        }
        recovered(recovered);
    }
}
