package io.v2ws.client;

import io.v2ws.WebSocketTransportOptions;
import java.time.Duration;
import java.util.Objects;

/**
 * How tunnels with early data start that lead to the same service: they wait some time for a first write, which then
 * travels in the upgrade request. A service that speaks first (SMTP, MySQL) makes every tunnel wait in vain, so this
 * learns from the tunnels (C8): where the server spoke first while this side was silent, the next ones upgrade at once,
 * without early data; where this side then speaks first again, they wait again. A wrong guess costs one round trip.
 *
 * <p>Make one for each service and pass it to each {@code connect}. Thread-safe. Without early data it has no effect.
 */
public final class ServerFirstWait {
    private final Duration time;
    private final boolean learning;
    private volatile boolean serverSpeaksFirst;

    /**
     * Makes one that has learned nothing yet.
     *
     * @param time as {@link WebSocketTransportOptions#serverFirstWait}
     * @param learning whether tunnels may upgrade at once
     */
    public ServerFirstWait(Duration time, boolean learning) {
        this.time = Objects.requireNonNull(time, "time");
        this.learning = learning;
    }

    /**
     * Makes one as forwarders and socket factories have it: with the time of the options, or 300 ms if that is zero.
     */
    public static ServerFirstWait of(WebSocketTransportOptions options) {
        Duration wait = options.serverFirstWait();
        return new ServerFirstWait(
                wait.isZero() ? WebSocketTransportOptions.DEFAULT_FORWARDER_SERVER_FIRST_WAIT : wait,
                options.serverFirstLearning());
    }

    /** How long a tunnel waits for its first write; zero is for ever. */
    Duration time() {
        return time;
    }

    /** Whether the next tunnel does not wait. */
    boolean upgradesAtOnce() {
        return learning && serverSpeaksFirst;
    }

    /** Learns from a tunnel which side was the first to send bytes. */
    void learn(boolean serverWasFirst) {
        // Most tunnels confirm what is known; a write would take the field away from other processors.
        if (serverSpeaksFirst != serverWasFirst) {
            serverSpeaksFirst = serverWasFirst;
        }
    }
}
