package io.v2ws.client;

import io.v2ws.WebSocketTransportOptions;
import io.v2ws.testing.RawRequest;
import java.util.Base64;

/** The places in which early data travels; the base path of all is {@code /tunnel}. */
enum EarlyDataMode {
    PATH(""),
    SUBPROTOCOL("Sec-WebSocket-Protocol"),
    OTHER_HEADER("X-Early-Data");

    private final String headerName;

    EarlyDataMode(String headerName) {
        this.headerName = headerName;
    }

    WebSocketTransportOptions.Builder options(int maxEarlyData) {
        return ClientFixture.options().maxEarlyData(maxEarlyData).earlyDataHeaderName(headerName);
    }

    /** The text in the place of early data as it was sent; null if a header is absent. */
    String text(RawRequest request) {
        if (this != PATH) {
            return request.header(headerName);
        }
        String start = "/tunnel";
        if (!request.target().startsWith(start)) {
            throw new AssertionError("Expected a target beginning with " + start + " but was " + request.target());
        }
        return request.target().substring(start.length());
    }

    /** The early data of a request; empty if it has none. */
    byte[] bytes(RawRequest request) {
        String text = text(request);
        if (text != null && !text.matches("[A-Za-z0-9_-]*")) {
            throw new AssertionError("Expected base64url without padding but was " + text);
        }
        return text == null ? new byte[0] : Base64.getUrlDecoder().decode(text);
    }
}
