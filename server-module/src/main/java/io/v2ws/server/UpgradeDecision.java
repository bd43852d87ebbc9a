package io.v2ws.server;

/** What {@link UpgradeMatcher} decided about a request. */
sealed interface UpgradeDecision {

    /** Not for the tunnel: the ordinary site answers. */
    record PassOn() implements UpgradeDecision {
        static final PassOn INSTANCE = new PassOn();
    }

    /** For the tunnel, but broken: an empty answer with this status. */
    record Reject(int status, String why) implements UpgradeDecision {}

    /**
     * A tunnel.
     *
     * @param earlyData decoded, empty for none
     * @param subprotocol to be echoed verbatim; null for none
     * @param halfClose whether the client announces half-close
     */
    record Accept(byte[] earlyData, String subprotocol, boolean halfClose) implements UpgradeDecision {}
}
