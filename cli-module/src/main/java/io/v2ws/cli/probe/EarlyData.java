package io.v2ws.cli.probe;

import io.v2ws.WebSocketTransportOptions.EarlyDataMode;

/**
 * The findings about early data in one mode.
 *
 * @param survives the most bytes that came through, 0 if none did or it cannot be known
 * @param refusal how requests with more bytes fail; null if none fails up to 16 KiB
 * @param answer the smallest request that was tried and answered with a refusal, which may need more bytes than {@code
 *     refusal}; null for none
 * @param exact whether one byte more than {@code survives} is refused
 */
record EarlyData(EarlyDataMode mode, Delivery delivery, int survives, Refusal refusal, Refusal answer, boolean exact) {
    /** What happened to the bytes in the request. */
    enum Delivery {
        /** They came back although no frame was sent. */
        DELIVERED,
        /** The far end, which is not an echo, reacts to them although no frame was sent. */
        NOTICED,
        /** They came back, but only after a frame was sent. */
        LATE,
        /** They did not come back, but the frame after them did. */
        DROPPED,
        /** The upgrade was refused, or the tunnel broke. */
        REFUSED,
        /** The far end is not an echo, but the server, which is v2ws, says that it took them. */
        CONFIRMED,
        /** The server, which is v2ws, says that it did not take them. */
        NOT_TAKEN,
        /** The upgrade was accepted; the far end is not an echo, and nothing else confirms that they arrived. */
        UNKNOWN
    }

    /**
     * Why a request did not come through.
     *
     * @param size bytes of early data
     * @param status of the answer, 0 if there was none
     * @param who the server's name as it gave it, escaped; empty for none
     * @param message the failure, for the report
     */
    record Refusal(int size, int status, String who, String message) {
        /** Returns the refusing server and its status. */
        String text() {
            return status == 0 ? message : (who.isEmpty() ? "the answer is " : who + " answers ") + status;
        }
    }

    static EarlyData without(EarlyDataMode mode, Delivery delivery, Refusal refusal) {
        return new EarlyData(mode, delivery, 0, refusal, refusal, false);
    }

    /** Returns how requests with too much early data fail. */
    String why() {
        return (answer == null ? refusal : answer).text();
    }

    /** Returns the characters that so many bytes take in a request. */
    static int characters(int bytes) {
        return (bytes * 4 + 2) / 3;
    }
}
