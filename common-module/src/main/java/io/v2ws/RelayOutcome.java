package io.v2ws;

import java.io.IOException;

/**
 * How a {@link Relay} ended.
 *
 * @param bytesForth bytes that went from the first stream to the second
 * @param bytesBack bytes that went from the second stream to the first
 * @param failure null when both directions ended in order, else what broke the relay
 */
public record RelayOutcome(long bytesForth, long bytesBack, IOException failure) {

    /** Whether both directions ended in order. */
    public boolean isClean() {
        return failure == null;
    }
}
