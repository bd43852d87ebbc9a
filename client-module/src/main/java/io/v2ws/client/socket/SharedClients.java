package io.v2ws.client.socket;

import io.v2ws.client.WebSocketTransportClient;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The clients of the factories that drivers make by class name: one for each set of options, however many factories
 * there are. A client starts with the first socket that connects. It is closed when no socket has been open for a
 * while, since nobody tells a factory that its driver was dropped.
 *
 * <p>Safe for any thread. Fields are guarded by {@code this}.
 */
final class SharedClients {
    /** Of all drivers of this class loader. */
    static final SharedClients DRIVERS = new SharedClients(Duration.ofSeconds(5));

    private final long idleNanos;
    private final Map<DriverOptions, Shared> clients = new HashMap<>();

    /** A client in use, or idle. Fields without a comment are guarded by the outer {@code this}. */
    private static final class Shared {
        final ClientSource.Tunnels tunnels;
        int users;
        /** When the last user went; of no meaning while there are users. */
        long idleSince;
        /** Whether a thread waits to close the client. */
        boolean watched;

        Shared(WebSocketTransportClient client) {
            this.tunnels = ClientSource.Tunnels.of(client);
        }
    }

    /**
     * Makes an empty set.
     *
     * @param idle how long a client without sockets is kept
     */
    SharedClients(Duration idle) {
        idleNanos = idle.toNanos();
    }

    /** Returns the source of the client with these options. */
    ClientSource source(DriverOptions options) {
        return new ClientSource() {
            @Override
            public Tunnels acquire() throws IOException {
                return SharedClients.this.acquire(options);
            }

            @Override
            public void release() {
                SharedClients.this.release(options);
            }

            @Override
            public boolean failsWritesOnce() {
                return true;
            }

            @Override
            public String toString() {
                return options.toString();
            }
        };
    }

    private synchronized ClientSource.Tunnels acquire(DriverOptions options) throws IOException {
        Shared shared = clients.get(options);
        if (shared == null) {
            shared = new Shared(options.newClient());
            clients.put(options, shared);
        }
        shared.users++;
        return shared.tunnels;
    }

    private synchronized void release(DriverOptions options) {
        Shared shared = clients.get(options);
        shared.users--;
        if (shared.users == 0) {
            shared.idleSince = System.nanoTime();
            if (!shared.watched) {
                shared.watched = true;
                Thread closer = new Thread(() -> closeWhenIdle(options, shared), "v2ws-idle");
                closer.setDaemon(true);
                closer.start();
            }
        }
    }

    /** Runs on a thread of its own, which ends when the client is in use again or closed. */
    private void closeWhenIdle(DriverOptions options, Shared shared) {
        synchronized (this) {
            try {
                while (shared.users == 0) {
                    long left = idleNanos - (System.nanoTime() - shared.idleSince);
                    if (left <= 0) {
                        break;
                    }
                    TimeUnit.NANOSECONDS.timedWait(this, left);
                }
            } catch (InterruptedException x) {
                // Somebody clears the threads away: the client goes at once, if nobody uses it.
                Thread.currentThread().interrupt();
            }
            shared.watched = false;
            if (shared.users > 0) {
                return;
            }
            clients.remove(options);
        }
        shared.tunnels.client().close();
    }
}
