package io.v2ws.cli.probe;

import io.v2ws.WebSocketTransportOptions;
import io.v2ws.WebSocketTransportOptions.EarlyDataMode;
import io.v2ws.client.WebSocketTransportClient;
import io.v2ws.config.TlsRules;

/**
 * The tunnel to probe.
 *
 * @param url as the user wrote it
 * @param options the transport that the user wants to use; the probe tries both modes of early data
 * @param builder of the client; the probe sets its options, connector and listener
 * @param proxied whether the client uses a proxy
 * @param unverified whether any certificate is accepted
 */
public record ProbeTarget(
        String url,
        WebSocketTransportOptions options,
        WebSocketTransportClient.Builder builder,
        boolean proxied,
        boolean unverified) {

    boolean isSecure() {
        return TlsRules.hasTls(url);
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
