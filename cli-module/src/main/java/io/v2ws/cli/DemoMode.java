package io.v2ws.cli;

import io.v2ws.WebSocketTransportOptions;

/** The three ways a stream can begin. */
enum DemoMode {
    NONE("no early data", 0, ""),
    PATH("in the path", 2048, ""),
    HEADER("in a header", 2048, WebSocketTransportOptions.SEC_WEBSOCKET_PROTOCOL);

    private final String label;
    private final int maxEarlyData;
    private final String header;

    DemoMode(String label, int maxEarlyData, String header) {
        this.label = label;
        this.maxEarlyData = maxEarlyData;
        this.header = header;
    }

    /** The name in the table. */
    String label() {
        return label;
    }

    /** The transport of the tunnel to a service. */
    WebSocketTransportOptions options(String service) {
        return WebSocketTransportOptions.builder()
                .path("/" + service + "/" + ordinal() + "/")
                .maxEarlyData(maxEarlyData)
                .earlyDataHeaderName(header)
                .build();
    }
}
