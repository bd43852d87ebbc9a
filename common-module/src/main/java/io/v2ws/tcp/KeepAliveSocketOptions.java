package io.v2ws.tcp;

import java.io.IOException;
import java.net.SocketOption;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The three options of {@code jdk.net.ExtendedSocketOptions} for TCP keepalive. They are looked up by name among the
 * options that a channel supports, so that no class of the module {@code jdk.net} is needed: a runtime image without
 * that module, or a system without the options, does not list them.
 */
record KeepAliveSocketOptions(SocketOption<Integer> idle, SocketOption<Integer> interval, SocketOption<Integer> count) {
    private static final Logger LOG = LoggerFactory.getLogger(KeepAliveSocketOptions.class);

    /** The options that every channel of this JVM supports, asked of the first channel; null before that. */
    private static final AtomicReference<Optional<KeepAliveSocketOptions>> SUPPORTED = new AtomicReference<>();

    /** Sets the times and the count, where that is possible; keepalive must be on. */
    static void set(SocketChannel channel, TcpKeepAlive keepAlive) throws IOException {
        Optional<KeepAliveSocketOptions> options = supported(channel);
        if (options.isPresent()) {
            channel.setOption(options.get().idle, (int) keepAlive.idle().toSeconds());
            channel.setOption(options.get().interval, (int) keepAlive.interval().toSeconds());
            channel.setOption(options.get().count, keepAlive.count());
        }
    }

    private static Optional<KeepAliveSocketOptions> supported(SocketChannel channel) {
        Optional<KeepAliveSocketOptions> known = SUPPORTED.get();
        if (known != null) {
            return known;
        }
        Optional<KeepAliveSocketOptions> found = among(channel.supportedOptions());
        if (SUPPORTED.compareAndSet(null, found) && found.isEmpty()) {
            LOG.debug("TCP keepalive uses the times of the operating system: this JVM cannot set them");
        }
        return found;
    }

    /** Returns the three options; empty if one of them is missing. */
    static Optional<KeepAliveSocketOptions> among(Set<SocketOption<?>> supported) {
        SocketOption<Integer> idle = named("TCP_KEEPIDLE", supported);
        SocketOption<Integer> interval = named("TCP_KEEPINTERVAL", supported);
        SocketOption<Integer> count = named("TCP_KEEPCOUNT", supported);
        return idle == null || interval == null || count == null
                ? Optional.empty()
                : Optional.of(new KeepAliveSocketOptions(idle, interval, count));
    }

    @SuppressWarnings("unchecked")
    private static SocketOption<Integer> named(String name, Set<SocketOption<?>> supported) {
        for (SocketOption<?> option : supported) {
            if (option.name().equals(name) && option.type() == Integer.class) {
                return (SocketOption<Integer>) option;
            }
        }
        return null;
    }
}
