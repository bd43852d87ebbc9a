package io.v2ws.client;

import io.v2ws.EarlyData;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.WebSocketTransportOptions.EarlyDataMode;
import io.v2ws.internal.websocket.EarlyDataReceipt;
import org.eclipse.jetty.http.HttpFields;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds out from a 101 whether the server took the early data of the request (C25). */
final class EarlyDataCheck {
    private static final Logger LOG = LoggerFactory.getLogger(WebSocketTransportClient.class);

    private static final String REMOVED = "a proxy on the way removed it";

    private EarlyDataCheck() {}

    /**
     * Checks a valid 101, and tells the listener.
     *
     * @param key of the request
     * @param earlyData of the request, in base64url; empty for none
     * @return null if the server took exactly the early data, or does not tell
     */
    static HandshakeException findFault(ClientSettings settings, String key, String earlyData, HttpFields answer) {
        byte[] sent = EarlyData.decode(earlyData);
        EarlyDataReceipt receipt = answer.getValuesList(EarlyDataReceipt.HEADER).stream()
                .map(value -> EarlyDataReceipt.read(value, key))
                .filter(read -> read != null)
                .findFirst()
                .orElse(null);
        EarlyDataAnswer result = EarlyDataAnswer.UNKNOWN;
        if (receipt != null) {
            result = receipt.isFor(key, sent) ? EarlyDataAnswer.TAKEN : EarlyDataAnswer.NOT_TAKEN;
        } else if (isEchoed(settings.options(), earlyData, answer)) {
            result = EarlyDataAnswer.TAKEN;
        }
        if (!earlyData.isEmpty()) {
            if (result == EarlyDataAnswer.UNKNOWN) {
                LOG.debug("{} does not confirm the early data: only a v2ws server does", settings.name());
            }
            if (settings.listener() != null) {
                settings.listener().onEarlyData(result);
            }
        }
        return result == EarlyDataAnswer.NOT_TAKEN
                ? refusal(settings.options(), receipt, key, !earlyData.isEmpty())
                : null;
    }

    private static boolean isEchoed(WebSocketTransportOptions options, String earlyData, HttpFields answer) {
        return options.isEarlyDataInSubprotocol()
                && !earlyData.isEmpty()
                && earlyData.equals(answer.get(WebSocketTransportOptions.SEC_WEBSOCKET_PROTOCOL));
    }

    private static HandshakeException refusal(
            WebSocketTransportOptions options, EarlyDataReceipt receipt, String key, boolean sent) {
        String place = switch (receipt.place()) {
            case NONE -> "the server takes no early data";
            case PATH -> "the server reads early data in the path";
            case SUBPROTOCOL -> "the server reads early data in the header Sec-WebSocket-Protocol";
            case OTHER_HEADER -> "the server reads early data in another header";
        };
        if (!receipt.isFor(key, new byte[0])) {
            return new HandshakeException(
                    101,
                    sent
                            ? "the server took other bytes for early data than were sent"
                            : "the server took bytes for early data, but none were sent",
                    place + ": set path, max_early_data, early_data_header_name and headers alike on both ends",
                    null);
        }
        boolean inPath = options.earlyDataMode() == EarlyDataMode.PATH;
        String here = inPath ? "path" : "header " + options.earlyDataHeaderName();
        String todo = switch (receipt.place()) {
            case NONE ->
                "set max_early_data to 0 here, or set max_early_data and early_data_header_name on the server too";
            case PATH -> inPath ? REMOVED : "remove early_data_header_name here, or set it on the server too";
            case SUBPROTOCOL ->
                options.isEarlyDataInSubprotocol()
                        ? REMOVED
                        : "set early_data_header_name to Sec-WebSocket-Protocol here";
            case OTHER_HEADER ->
                "set early_data_header_name here as it is on the server, and let every proxy pass that header on";
        };
        return new HandshakeException(
                101,
                "the server did not take the early data",
                "this client sends it in the " + here + ", " + place + ": " + todo,
                null);
    }
}
