package io.v2ws.internal.websocket;

import io.v2ws.WebSocketCloseException;
import java.nio.ByteBuffer;

/**
 * Follows what a peer sends, without touching it, and knows whether it ended at the border of two messages. One thread
 * at a time.
 */
final class MessageBorder {
    private final FrameParser parser;
    private boolean lost;

    /** Follows what an end of this role receives. */
    MessageBorder(Role role) {
        parser = new FrameParser(role);
    }

    /** The next bytes. */
    void pass(ByteBuffer bytes) {
        try {
            while (!lost && parser.parse(bytes)) {
                int count = (int) Math.min(parser.payloadLeft(), bytes.remaining());
                bytes.position(bytes.position() + count);
                parser.skip(count);
                if (parser.payloadLeft() > 0) {
                    return;
                }
                parser.endFrame();
            }
        } catch (WebSocketCloseException violation) {
            // Who reads the frames finds it, too.
            lost = true;
        }
    }

    /** Whether everything that passed are complete messages. */
    boolean isHere() {
        return !lost && parser.isBetweenMessages();
    }
}
