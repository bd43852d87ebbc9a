package io.v2ws.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * The kernel's keepalive timers of established TCP connections, read from {@code /proc/net/tcp} and {@code tcp6} of
 * Linux.
 */
public final class KeepAliveTimers {
    private static final List<Path> TABLES = List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));
    private static final String ESTABLISHED = "01";
    private static final String KEEPALIVE = "02";
    private static final String NONE = "00";
    private static final long MILLIS_PER_TICK = 10;

    private KeepAliveTimers() {}

    /** Whether this system has the tables. */
    public static boolean canBeRead() {
        return TABLES.stream().anyMatch(Files::isReadable);
    }

    /**
     * Returns the time until the first probe of each connection whose near end has this port; zero for a connection
     * without keepalive. A connection with bytes on their way has another timer and is left out.
     */
    public static List<Duration> ofLocalPort(int port) throws IOException {
        return timers(1, found -> found == port);
    }

    /** Does the same for the connections whose far end has this port. */
    public static List<Duration> ofRemotePort(int port) throws IOException {
        return timers(2, found -> found == port);
    }

    private static List<Duration> timers(int column, IntPredicate port) throws IOException {
        List<Duration> timers = new ArrayList<>();
        for (Path table : TABLES) {
            for (String line : Files.isReadable(table) ? Files.readAllLines(table) : List.<String>of()) {
                String[] columns = line.trim().split("\\s+");
                if (columns[3].equals(ESTABLISHED) && port.test(portOf(columns[column]))) {
                    String[] timer = columns[5].split(":");
                    if (timer[0].equals(KEEPALIVE)) {
                        timers.add(Duration.ofMillis(MILLIS_PER_TICK * Long.parseLong(timer[1], 16)));
                    } else if (timer[0].equals(NONE)) {
                        timers.add(Duration.ZERO);
                    }
                }
            }
        }
        return timers;
    }

    private static int portOf(String address) {
        return Integer.parseInt(address.substring(address.indexOf(':') + 1), 16);
    }
}
