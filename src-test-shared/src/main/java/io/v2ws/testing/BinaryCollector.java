package io.v2ws.testing;

import java.io.IOException;

/** Puts the stream together from the payload of binary messages. */
final class BinaryCollector {

    /** Where the frames come from; null is the end. */
    interface Frames {
        RawFrame next() throws IOException;
    }

    private final Frames frames;
    private boolean inText;
    private byte[] current = {};
    private int position;

    BinaryCollector(Frames frames) {
        this.frames = frames;
    }

    byte[] read(int count) throws IOException {
        byte[] bytes = new byte[count];
        int have = 0;
        while (have < count) {
            if (position == current.length) {
                nextPayload(have, count);
            }
            int part = Math.min(count - have, current.length - position);
            System.arraycopy(current, position, bytes, have, part);
            position += part;
            have += part;
        }
        return bytes;
    }

    RawFrame readClose() throws IOException {
        if (position < current.length) {
            throw new AssertionError("Expected Close but was " + (current.length - position) + " unread bytes");
        }
        while (true) {
            RawFrame frame = frames.next();
            if (frame == null) {
                throw new AssertionError("Expected Close but was the end of the connection");
            }
            if (frame.opcode() == FrameBytes.CLOSE) {
                return frame;
            }
            if (isBinary(frame) && frame.payload().length > 0) {
                throw new AssertionError("Expected Close but was " + frame);
            }
        }
    }

    private void nextPayload(int have, int count) throws IOException {
        RawFrame frame = frames.next();
        if (frame == null || frame.opcode() == FrameBytes.CLOSE) {
            String what = frame == null ? "the end of the connection" : frame.toString();
            throw new AssertionError("Expected " + count + " bytes but was " + what + " after " + have);
        }
        if (isBinary(frame)) {
            current = frame.payload();
            position = 0;
        }
    }

    /** Remembers which kind of message is open, as a continuation does not say so itself. */
    private boolean isBinary(RawFrame frame) {
        switch (frame.opcode()) {
            case FrameBytes.TEXT -> inText = true;
            case FrameBytes.BINARY -> inText = false;
            case FrameBytes.CONTINUATION -> {
                // Goes with the message before it.
            }
            default -> {
                return false;
            }
        }
        return !inText;
    }
}
