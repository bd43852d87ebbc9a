package io.v2ws.cli.probe;

import io.v2ws.WebSocketTransportOptions.EarlyDataMode;

/**
 * What was found out about early data in one mode.
 *
 * @param survives the most bytes that came through, 0 if none did or nobody can know
 * @param refusal what more bytes than that end with; null for nothing up to 16 KiB
 * @param answer the smallest request that was tried and answered with a refusal, which may need more bytes than {@code
 *     refusal}; null for none
 * @param exact whether one byte more than {@code survives} is refused
 */
record EarlyData(EarlyDataMode mode, Delivery delivery, int survives, Refusal refusal, Refusal answer, boolean exact) {
    /** What became of the bytes in the request. */
    enum Delivery {
        /** They came back although no frame was sent. */
        DELIVERED,
        /** The far end, which is no echo, reacts to them although no frame was sent. */
        NOTICED,
        /** They came back, but only once a frame was sent. */
        LATE,
        /** They never came back, but the frame behind them did. */
        DROPPED,
        /** The upgrade was refused, or the tunnel broke. */
        REFUSED,
        /** The upgrade was accepted; the far end is no echo. */
        UNKNOWN
    }

    /**
     * Why a request did not come through.
     *
     * @param size bytes of early data
     * @param status of the answer, 0 if there was none
     * @param who the server's name as it gave it, escaped; empty for none
     * @param message what came, for people
     */
    record Refusal(int size, int status, String who, String message) {
        /** Returns who refused with what. */
        String text() {
            return status == 0 ? message : (who.isEmpty() ? "the answer is " : who + " answers ") + status;
        }
    }

    static EarlyData without(EarlyDataMode mode, Delivery delivery, Refusal refusal) {
        return new EarlyData(mode, delivery, 0, refusal, refusal, false);
    }

    /** Says what too much of it ends with. */
    String why() {
        return (answer == null ? refusal : answer).text();
    }

    /** Characters that so many bytes take in a request. */
    static int characters(int bytes) {
        return (bytes * 4 + 2) / 3;
    }
}
