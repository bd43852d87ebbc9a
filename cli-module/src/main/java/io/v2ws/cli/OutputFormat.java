package io.v2ws.cli;

import io.v2ws.HostAndPort;
import io.v2ws.WebSocketTransportOptions;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Formats values for the user. */
final class OutputFormat {
    /** Describes {@code --tcp-keepalive}. */
    static final String TCP_KEEPALIVE =
            "TCP keepalive of all connections: the first probe after IDLE without data, the next ones at INTERVAL, the"
                    + " end after COUNT probes without an answer. off or 0: none. Default: 60s,15s,4.";

    private OutputFormat() {}

    /** Returns where early data travels, as the end of a line; empty without early data. */
    static String earlyData(WebSocketTransportOptions options) {
        return switch (options.earlyDataMode()) {
            case NONE -> "";
            case PATH -> ", early data in the path";
            case HEADER -> ", early data in " + options.earlyDataHeaderName();
        };
    }

    /** Returns addresses as IP literals and ports, without a host name. */
    static String addresses(List<InetSocketAddress> addresses) {
        return addresses.stream()
                .map(HostAndPort::of)
                .map(HostAndPort::toString)
                .collect(Collectors.joining(" and "));
    }

    /** Returns millions of bytes per second. */
    static double rate(long bytes, long nanos) {
        return bytes * 1e3 / Math.max(1, nanos);
    }

    /** Returns a number of bytes in a binary unit, such as {@code 1.5 MiB}. */
    static String bytes(long bytes) {
        if (bytes < 1024) {
            return bytes + " B";
        }
        int unit = Math.min(4, (63 - Long.numberOfLeadingZeros(bytes)) / 10);
        return String.format(Locale.ROOT, "%.1f %ciB", bytes / Math.pow(1024, unit), "KMGT".charAt(unit - 1));
    }
}
