package io.v2ws.cli.probe;

import io.v2ws.WebSocketTransportOptions;
import io.v2ws.WebSocketTransportOptions.EarlyDataMode;
import io.v2ws.client.WebSocketTransportClient;
import java.util.Locale;

/**
 * What is probed.
 *
 * @param url as the user wrote it
 * @param options the transport that the user means to use; its early data is checked, the other mode is tried besides
 * @param builder reaches the far end; its options, connector and listener are set by the probe
 * @param proxied whether a proxy is in between
 * @param unverified whether any certificate is accepted
 */
public record ProbeTarget(
        String url,
        WebSocketTransportOptions options,
        WebSocketTransportClient.Builder builder,
        boolean proxied,
        boolean unverified) {

    boolean isSecure() {
        return url.toLowerCase(Locale.ROOT).startsWith("wss:");
    }

    /** The mode the user asked for. */
    EarlyDataMode wantedMode() {
        return options.maxEarlyData() > 0 ? options.earlyDataMode() : EarlyDataMode.NONE;
    }

    /** The header that is tried in header mode. */
    String headerName() {
        return options.earlyDataHeaderName().isEmpty()
                ? WebSocketTransportOptions.SEC_WEBSOCKET_PROTOCOL
                : options.earlyDataHeaderName();
    }
}
