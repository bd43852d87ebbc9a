package io.v2ws.config;

import io.v2ws.WebSocketTransportOptions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What a dialect cannot express of a tunnel, collected while it is written. Not thread-safe. */
final class ConversionNotes {
    private final Dialect dialect;
    private final List<String> lines = new ArrayList<>();

    ConversionNotes(Dialect dialect) {
        this.dialect = dialect;
    }

    /** Notes an option that is left out. */
    void leftOut(String option, String why) {
        lines.add(option + ": left out: " + why);
    }

    /** Notes an option that is written, and what to know of it. */
    void remark(String option, String what) {
        lines.add(option + ": " + what);
    }

    List<String> lines() {
        return lines;
    }

    /** Notes the options of our own that the source sets and the dialect has no key for. */
    void addOwnOptions(TunnelConfig tunnel, String... expressed) {
        Set<String> own = new TreeSet<>(tunnel.stated());
        own.removeAll(Set.of(expressed));
        for (String key : own) {
            String name = key.equals("ping_interval") ? "ping_interval (heartbeatPeriod of Xray)" : key;
            leftOut(
                    name,
                    dialect + " has no such option (here " + SingBoxTransport.ownValue(key, tunnel.transport()) + ")");
        }
    }

    /** Notes the names to verify, where the dialect has no key for them. */
    void addVerifyNames(TlsConfig tls) {
        if (!tls.verifyNames().isEmpty()) {
            leftOut(
                    "verifyPeerCertByName",
                    dialect + " verifies the server name only (here " + String.join(",", tls.verifyNames()) + ")");
        }
    }

    /** Notes the pins, where the dialect has no key for them. */
    void addPins(TlsConfig tls) {
        if (!tls.pins().isEmpty()) {
            leftOut(
                    "pinnedPeerCertSha256",
                    dialect + " pins no certificate by its SHA-256 (here " + String.join(",", tls.pins()) + ")");
        }
    }

    /** Returns the value of {@code Host}, if there is one. */
    Optional<String> host(WebSocketTransportOptions options) {
        for (Map.Entry<String, List<String>> header : options.headers().entrySet()) {
            if (header.getKey().equalsIgnoreCase("Host") && !header.getValue().isEmpty()) {
                if (header.getValue().size() > 1) {
                    leftOut("headers.Host", "every value but the first, for a request has one");
                }
                return Optional.of(header.getValue().get(0));
            }
        }
        return Optional.empty();
    }

    /** Returns the headers but {@code Host}, each with one value. */
    Map<String, Object> singleHeaders(WebSocketTransportOptions options) {
        Map<String, Object> headers = new LinkedHashMap<>();
        options.headers().forEach((name, values) -> {
            if (name.equalsIgnoreCase("Host")) {
                return;
            }
            if (values.isEmpty()) {
                leftOut("headers." + name, "it has no value");
            } else {
                headers.put(name, String.join(", ", values));
            }
            if (values.size() > 1) {
                remark("headers." + name, dialect + " has one value for each header: written as one list with commas");
            }
        });
        return headers;
    }

    /**
     * Returns the path without an {@code ed} of its own, which the dialect would take for early data, and with the one
     * that asks for it.
     */
    String pathWithEarlyData(WebSocketTransportOptions options, boolean ask) {
        String path = options.path();
        if (EarlyDataQuery.isIn(path)) {
            leftOut("path", "its ?ed=, which " + dialect + " takes for early data");
            path = withoutEd(path);
        }
        return ask ? EarlyDataQuery.put(path, options.maxEarlyData()) : path;
    }

    private static String withoutEd(String path) {
        try {
            return EarlyDataQuery.take(path).path();
        } catch (IllegalArgumentException notANumber) {
            return path.substring(0, path.indexOf('?'));
        }
    }
}
