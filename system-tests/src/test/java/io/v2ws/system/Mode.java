package io.v2ws.system;

import io.v2ws.WebSocketTransportOptions;
import java.util.List;

/** Where early data travels. */
enum Mode {
    NONE("none", 0, ""),
    PATH("path, 2048", 2048, ""),
    HEADER("header, 2048", 2048, WebSocketTransportOptions.SEC_WEBSOCKET_PROTOCOL);

    private final String text;
    private final int maxEarlyData;
    private final String headerName;

    Mode(String text, int maxEarlyData, String headerName) {
        this.text = text;
        this.maxEarlyData = maxEarlyData;
        this.headerName = headerName;
    }

    int maxEarlyData() {
        return maxEarlyData;
    }

    String headerName() {
        return headerName;
    }

    /** What the command line of v2ws needs to hear. */
    List<String> arguments() {
        return switch (this) {
            case NONE -> List.of();
            case PATH -> List.of("--max-early-data", "2048");
            case HEADER -> List.of("--max-early-data", "2048", "--early-data-header-name", headerName);
        };
    }

    @Override
    public String toString() {
        return text;
    }
}
