package io.v2ws.tcp;

import io.v2ws.internal.net.DurationText;
import io.v2ws.internal.net.Printable;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Locale;

/**
 * TCP keepalive: how soon the operating system notices that the peer of an idle connection has vanished without a FIN
 * (power failure, firewall). The connection then ends with an {@link IOException} after {@code idle + interval *
 * count}, with the defaults after two minutes; Linux on its own waits two hours and eleven minutes.
 *
 * <p>The check covers idle connections only. While sent bytes are not acknowledged, TCP retransmits them and sends no
 * keepalive probes; the connection then ends after the system's retransmission limit (Linux: {@code tcp_retries2},
 * about 15 minutes).
 *
 * <p>Where the JDK cannot set the three values (older JDKs on Windows, a runtime image without the module
 * {@code jdk.net}), keepalive is on with the values of the operating system.
 *
 * <p>Immutable.
 *
 * @param idle time without received bytes after which the first probe is sent, whole seconds, 1 s to 32,767 s; zero
 *     switches keepalive off. Default 60 s.
 * @param interval time between two probes that get no answer, whole seconds, 1 s to 32,767 s. Default 15 s.
 * @param count number of unanswered probes after which the connection ends, 1 to 127. Default 4.
 */
public record TcpKeepAlive(Duration idle, Duration interval, int count) {
    /** The largest {@code idle} and {@code interval} that Linux accepts, in seconds. */
    public static final int MAX_SECONDS = 32_767;

    /** The largest {@code count} that Linux accepts. */
    public static final int MAX_COUNT = 127;

    /** A first probe after 60 s, then one every 15 s; the connection ends when 4 get no answer. */
    public static final TcpKeepAlive DEFAULT = new TcpKeepAlive(Duration.ofSeconds(60), Duration.ofSeconds(15), 4);

    /** No keepalive: a vanished peer of an idle connection is never noticed. */
    public static final TcpKeepAlive OFF = DEFAULT.withIdle(Duration.ZERO);

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException naming the component that is out of range
     */
    public TcpKeepAlive {
        if (!idle.isZero()) {
            requireSeconds("idle", idle, "0s (off) or ");
        }
        requireSeconds("interval", interval, "");
        if (count < 1 || count > MAX_COUNT) {
            throw new IllegalArgumentException("count: expected 1 to " + MAX_COUNT + ", got " + count);
        }
    }

    /**
     * Reads {@code IDLE[,INTERVAL[,COUNT]]}, such as {@code 60s,15s,4}; what is missing has its default. {@code off}
     * and {@code 0} are {@link #OFF}.
     *
     * @throws IllegalArgumentException saying what was expected and what came
     */
    public static TcpKeepAlive parse(String text) {
        if (text.equals("off")) {
            return OFF;
        }
        String[] parts = text.split(",", -1);
        if (parts.length > 3) {
            throw unexpected(text);
        }
        TcpKeepAlive result = DEFAULT.withIdle(DurationText.parse(parts[0]));
        if (parts.length > 1) {
            result = result.withInterval(DurationText.parse(parts[1]));
        }
        if (parts.length > 2) {
            if (!parts[2].matches("[0-9]{1,9}")) {
                throw unexpected(text);
            }
            result = result.withCount(Integer.parseInt(parts[2]));
        }
        return result;
    }

    /**
     * Returns the same with another {@code idle}.
     *
     * @throws IllegalArgumentException if it is out of range
     */
    public TcpKeepAlive withIdle(Duration idle) {
        return new TcpKeepAlive(idle, interval, count);
    }

    /**
     * Returns the same with another {@code interval}.
     *
     * @throws IllegalArgumentException if it is out of range
     */
    public TcpKeepAlive withInterval(Duration interval) {
        return new TcpKeepAlive(idle, interval, count);
    }

    /**
     * Returns the same with another {@code count}.
     *
     * @throws IllegalArgumentException if it is out of range
     */
    public TcpKeepAlive withCount(int count) {
        return new TcpKeepAlive(idle, interval, count);
    }

    /** Whether keepalive is switched off. */
    public boolean isOff() {
        return idle.isZero();
    }

    /**
     * Sets the options of a TCP connection.
     *
     * @throws IOException if the system refuses them, or the channel is closed
     */
    public void applyTo(SocketChannel channel) throws IOException {
        channel.setOption(StandardSocketOptions.SO_KEEPALIVE, !isOff());
        if (!isOff()) {
            KeepAliveSocketOptions.set(channel, this);
        }
    }

    /** Returns the form {@link #parse} reads. */
    @Override
    public String toString() {
        return isOff() ? "off" : idle.toSeconds() + "s," + interval.toSeconds() + "s," + count;
    }

    private static void requireSeconds(String name, Duration value, String orElse) {
        boolean inRange = value.compareTo(Duration.ofSeconds(1)) >= 0
                && value.compareTo(Duration.ofSeconds(MAX_SECONDS)) <= 0
                && value.getNano() == 0;
        if (!inRange) {
            throw new IllegalArgumentException(name + ": expected " + orElse + "whole seconds from 1s to " + MAX_SECONDS
                    + "s, got " + value.toString().substring(2).toLowerCase(Locale.ROOT));
        }
    }

    private static IllegalArgumentException unexpected(String text) {
        return new IllegalArgumentException(
                "expected IDLE[,INTERVAL[,COUNT]] such as 60s,15s,4, or off, got " + Printable.quoted(text));
    }
}
