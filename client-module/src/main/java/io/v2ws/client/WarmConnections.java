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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Keeps connections open for the next tunnels, and replaces connections that were used, aged or died; an aged one stays
 * until its replacement is open. Failing to open a connection ahead of time is not an error: the tunnel takes a fresh
 * one.
 *
 * <p>The fields are guarded by {@code lock}; no callback runs with the lock held. Idle connections hold no thread.
 */
final class WarmConnections extends AbstractLifeCycle {
    private static final Logger LOG = LoggerFactory.getLogger(WarmConnections.class);

    /** A server that closes a connection sooner than this does not accept idle connections. */
    private static final long SHORT_LIFE = TimeUnit.SECONDS.toNanos(2);

    private final AutoLock lock = new AutoLock();
    private final int size;
    private final Duration openTimeout;
    private final String dialled;
    private final Route route;
    private final AgeLimit limit;
    private final RetryPause pause;
    private final WarmAges ages;
    private final ReadyConnections ready = new ReadyConnections();
    /** How many connections are being opened. */
    private int opening;
    /** Whether a connection was used that was opened after the last failure. */
    private boolean tried;

    private HttpDestination destination;

    /**
     * Makes them; {@link #connectTo} and {@link #start} follow. The handshake timeout is for TCP, proxy and TLS
     * together.
     */
    WarmConnections(ClientSettings settings) {
        this.size = settings.preconnect();
        this.openTimeout = settings.options().handshakeTimeout();
        this.dialled =
                settings.proxy() == null ? settings.name() : settings.route().dialled();
        this.route = settings.route();
        this.limit = new AgeLimit(settings.preconnectMaxAge());
        this.pause = new RetryPause(settings.scheduler());
        this.ages = new WarmAges(settings.scheduler(), this::waiting, this::expired);
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
        // The HTTP client ends the connections that are being opened.
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

    /** Sends a request on a warm connection; returns false without having touched the request if there is none. */
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
            switch (next.socketState()) {
                case QUIET -> found = next;
                case BUSY -> unclear.add(next);
                case ENDED -> died(next);
            }
        }
        try (AutoLock ignored = lock.lock()) {
            ready.putBack(unclear);
            tried |= found != null && pause.isOver(found.born());
        }
        // The end of a connection that was not in the list went unnoticed.
        unclear.stream().filter(WarmConnection::isClosed).forEach(this::ended);
        return found;
    }

    /** How many connections could be used this moment. */
    int fit() {
        return (int) waiting().stream()
                .filter(warm -> warm.socketState() == WarmConnection.SocketState.QUIET)
                .count();
    }

    private List<WarmConnection> waiting() {
        try (AutoLock ignored = lock.lock()) {
            return ready.all();
        }
    }

    /** Closes all that were opened until now: one was dead without notice, so the others may be too. */
    void discard() {
        closeAll();
        fill();
    }

    /** A tunnel has opened: the server can be reached. */
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
            // After a failure, one at a time; the next one once the previous has lived for a while.
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

    /** The server has closed a connection that was waiting. */
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
     * @param attempts how many attempts to open a connection have ended with this failure
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
                : Refusal.explain(route, false, null, null, failure);
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

    /** A connection has reached the age that was set for the next check. */
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
            // The connection was not closed at once, so the server accepts connections again.
            recovered = pause.isOver(warm.born()) && pause.recover();
        }
        if (close) {
            warm.close();
        }
        recovered(recovered);
    }
}
