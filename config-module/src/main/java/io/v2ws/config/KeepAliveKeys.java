package io.v2ws.config;

import io.v2ws.tcp.TcpKeepAlive;
import java.time.Duration;
import java.util.Optional;

/** The keys of TCP keepalive in v2ws's own files; a missing key has its default. */
final class KeepAliveKeys {
    static final String IDLE = "tcp_keepalive_idle";
    static final String INTERVAL = "tcp_keepalive_interval";
    static final String COUNT = "tcp_keepalive_count";

    private KeepAliveKeys() {}

    /** Returns what the file says; empty if it has none of the keys. */
    static Optional<TcpKeepAlive> read(ConfigObject object) throws ConfigException {
        Optional<ConfigNode> idle = object.get(IDLE);
        Optional<ConfigNode> interval = object.get(INTERVAL);
        Optional<ConfigNode> count = object.get(COUNT);
        if (idle.isEmpty() && interval.isEmpty() && count.isEmpty()) {
            return Optional.empty();
        }
        TcpKeepAlive result = TcpKeepAlive.DEFAULT;
        if (idle.isPresent()) {
            result = withIdle(result, idle.get());
        }
        if (interval.isPresent()) {
            result = withInterval(result, interval.get());
        }
        if (count.isPresent()) {
            result = result.withCount(count.get().asInt(1, TcpKeepAlive.MAX_COUNT));
        }
        return Optional.of(result);
    }

    private static TcpKeepAlive withIdle(TcpKeepAlive base, ConfigNode value) throws ConfigException {
        Duration idle = value.asDuration();
        return value.parsed(text -> base.withIdle(idle));
    }

    private static TcpKeepAlive withInterval(TcpKeepAlive base, ConfigNode value) throws ConfigException {
        Duration interval = value.asDuration();
        return value.parsed(text -> base.withInterval(interval));
    }
}
