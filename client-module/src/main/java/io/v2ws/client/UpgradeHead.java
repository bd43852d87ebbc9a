package io.v2ws.client;

import io.v2ws.WebSocketTransportOptions;
import io.v2ws.WebSocketTransportOptions.EarlyDataMode;
import io.v2ws.internal.net.HostUrl;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Request target and headers of an upgrade request, from the options and the early data.
 *
 * @param target path and query of the request line
 * @param headers all except those of the handshake itself, with {@code Host}; names keep their case; may be changed
 */
record UpgradeHead(String target, Map<String, List<String>> headers) {

    /**
     * Makes the head of one request.
     *
     * @param host the value of {@code Host}, unless the options set one
     * @param earlyData base64url, empty for none
     */
    static UpgradeHead of(WebSocketTransportOptions options, String host, String earlyData) {
        EarlyDataMode mode = earlyData.isEmpty() ? EarlyDataMode.NONE : options.earlyDataMode();
        Map<String, List<String>> headers = new LinkedHashMap<>();
        headers.put("Host", List.of(host));
        options.headers().forEach((name, values) -> {
            headers.keySet().removeIf(name::equalsIgnoreCase);
            headers.put(
                    name,
                    name.equalsIgnoreCase("Host")
                            ? values.stream().map(UpgradeHead::ascii).toList()
                            : values);
        });
        if (mode == EarlyDataMode.HEADER) {
            headers.keySet().removeIf(options.earlyDataHeaderName()::equalsIgnoreCase);
            headers.put(options.earlyDataHeaderName(), List.of(earlyData));
        }
        return new UpgradeHead(
                mode == EarlyDataMode.PATH ? insert(options.path(), earlyData) : options.path(), headers);
    }

    /** Returns a value of {@code Host}, with an international name in ASCII. */
    private static String ascii(String host) {
        if (host.chars().allMatch(c -> c < 128)) {
            return host;
        }
        try {
            return HostUrl.parse("ws://" + host).address();
        } catch (IllegalArgumentException notAHost) {
            return host;
        }
    }

    /** Early data follows the path and comes before its query. */
    private static String insert(String path, String earlyData) {
        int query = path.indexOf('?');
        return query < 0 ? path + earlyData : path.substring(0, query) + earlyData + path.substring(query);
    }
}
