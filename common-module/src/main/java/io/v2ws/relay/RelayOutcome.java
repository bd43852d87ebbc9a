package io.v2ws.relay;

import java.io.IOException;

/**
 * How a {@link Relay} ended.
 *
 * @param bytesForth bytes that went from the first stream to the second
 * @param bytesBack bytes that went from the second stream to the first
 * @param failure null when both directions ended in order, else what broke the relay
 * @param discardedText bytes of text messages that were thrown away
 * @param withoutCloseFrame whether a WebSocket ended in order but without a Close frame, as mihomo's do
 */
public record RelayOutcome(
        long bytesForth, long bytesBack, IOException failure, long discardedText, boolean withoutCloseFrame) {

    /** Whether both directions ended in order. */
    public boolean isClean() {
        return failure == null;
    }

    /** What a log line says of the end, to be put behind the counts; empty for an ordinary one. */
    public String describe() {
        String text = discardedText == 0 ? "" : ", with " + discardedText + " bytes of text messages discarded";
        if (failure != null) {
            return text + ": " + failure.getMessage();
        }
        return withoutCloseFrame ? text + ", ended without a Close frame" : text;
    }
}
