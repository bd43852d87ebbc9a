package io.v2ws.internal.websocket;

import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * What an upgrade request brings for the stream behind it, besides asking for it.
 *
 * @param earlyData the first bytes of the stream, perhaps none
 * @param halfClose whether the client understands half-close, see {@link Handshake#announcesHalfClose}
 */
public record UpgradeOffer(ByteBuffer earlyData, boolean halfClose) {
    /** Nothing. */
    public static final UpgradeOffer NONE = new UpgradeOffer(ByteBuffer.allocate(0), false);

    /** Checks that there is a buffer. */
    public UpgradeOffer {
        Objects.requireNonNull(earlyData, "earlyData");
    }
}
