package io.v2ws;

import java.io.IOException;

/**
 * How a stream ended.
 *
 * @param bytesIn bytes read from the network
 * @param bytesOut bytes handed to the operating system
 * @param failure null when both ends closed in order, else what went wrong; a {@link WebSocketCloseException} where
 *     there was a close code
 */
public record StreamOutcome(long bytesIn, long bytesOut, IOException failure) {

    /** Whether the stream ended in order. */
    public boolean isClean() {
        return failure == null;
    }
}
