package io.v2ws.server;

/** The decision of {@link UpgradeMatcher} about a request. */
sealed interface UpgradeDecision {

    /** The request is not for the tunnel. It goes down the filter chain. */
    record PassOn() implements UpgradeDecision {
        static final PassOn INSTANCE = new PassOn();
    }

    /**
     * The request is for the tunnel, but invalid or not admitted.
     *
     * @param status of the response, which has an empty body
     * @param why for the log
     */
    record Reject(int status, String why) implements UpgradeDecision {}

    /**
     * The request opens a tunnel.
     *
     * @param earlyData decoded; empty for none
     * @param subprotocol to echo in the 101 verbatim (S7); null for none
     * @param receipt the value of {@link io.v2ws.internal.websocket.EarlyDataReceipt#HEADER} in the 101 (S19); null for
     *     none
     * @param halfClose whether the client announces half-close (F9)
     */
    record Accept(byte[] earlyData, String subprotocol, String receipt, boolean halfClose) implements UpgradeDecision {}
}
