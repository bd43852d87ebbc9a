package io.v2ws.testing.peers;

import java.util.List;

/** Where early data travels. */
public enum EarlyDataMode {
    NONE("none", 0, ""),
    PATH("path, 2048", 2048, ""),
    HEADER("header, 2048", 2048, "Sec-WebSocket-Protocol");

    private final String text;
    private final int maxEarlyData;
    private final String headerName;

    EarlyDataMode(String text, int maxEarlyData, String headerName) {
        this.text = text;
        this.maxEarlyData = maxEarlyData;
        this.headerName = headerName;
    }

    public int maxEarlyData() {
        return maxEarlyData;
    }

    public String headerName() {
        return headerName;
    }

    /** The options of v2ws. */
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
