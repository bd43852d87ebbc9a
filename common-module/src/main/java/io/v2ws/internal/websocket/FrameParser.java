package io.v2ws.internal.websocket;

import io.v2ws.WebSocketCloseException;
import java.nio.ByteBuffer;

/**
 * Reads frame headers, split at any place, and holds the state of the message they belong to. Knows all that F7 calls a
 * violation of headers. One thread at a time; no memory besides its fields.
 */
public final class FrameParser {
    private enum Part {
        FIRST,
        SECOND,
        LENGTH,
        KEY,
        PAYLOAD
    }

    private final Role role;
    private Part part = Part.FIRST;
    private int bytesLeft;
    private boolean fin;
    private int opcode;
    private boolean masked;
    private long length;
    private long read;
    private int key;
    /** The opcode of the data message that is not complete yet; 0 between messages. */
    private int message;

    /** Makes a parser for the frames that an end of this role receives. */
    public FrameParser(Role role) {
        this.role = role;
    }

    /**
     * Reads on, up to the end of the header.
     *
     * @return whether the header is complete: {@link #payloadLeft} bytes of payload follow, perhaps none
     * @throws WebSocketCloseException with the code to fail the connection with
     */
    public boolean parse(ByteBuffer in) throws WebSocketCloseException {
        while (part != Part.PAYLOAD && in.hasRemaining()) {
            int octet = in.get() & 0xff;
            switch (part) {
                case FIRST -> first(octet);
                case SECOND -> second(octet);
                case LENGTH -> length(octet);
                default -> key(octet);
            }
        }
        return part == Part.PAYLOAD;
    }

    private void first(int octet) throws WebSocketCloseException {
        fin = (octet & FrameHeader.FIN) != 0;
        opcode = octet & FrameHeader.OPCODE;
        if ((octet & FrameHeader.RSV) != 0) {
            throw violation("a reserved bit is set without an extension that defines it");
        }
        if (isControl()) {
            if (opcode > FrameHeader.PONG) {
                throw violation("reserved opcode " + opcode);
            }
            if (!fin) {
                throw violation("a control frame is fragmented");
            }
        } else if (opcode > FrameHeader.BINARY) {
            throw violation("reserved opcode " + opcode);
        } else if (opcode == FrameHeader.CONTINUATION && message == 0) {
            throw violation("a continuation without a message to continue");
        } else if (opcode != FrameHeader.CONTINUATION && message != 0) {
            throw violation("a new message inside of a fragmented one");
        }
        part = Part.SECOND;
    }

    private void second(int octet) throws WebSocketCloseException {
        masked = (octet & FrameHeader.MASKED) != 0;
        if (masked == (role == Role.CLIENT)) {
            throw violation(
                    role == Role.CLIENT ? "a server must not mask its frames" : "a client must mask its frames");
        }
        length = octet & FrameHeader.LENGTH;
        if (isControl() && length > FrameHeader.MAX_CONTROL) {
            throw violation("a control frame is longer than " + FrameHeader.MAX_CONTROL + " bytes");
        }
        read = 0;
        key = 0;
        if (length >= FrameHeader.LENGTH_16) {
            bytesLeft = length == FrameHeader.LENGTH_16 ? Short.BYTES : Long.BYTES;
            length = 0;
            part = Part.LENGTH;
        } else {
            afterLength();
        }
    }

    private void length(int octet) throws WebSocketCloseException {
        length = length << Byte.SIZE | octet;
        if (--bytesLeft == 0) {
            if (length < 0) {
                throw new WebSocketCloseException(
                        WebSocketCloseException.TOO_BIG, "a frame declares more than 2^63-1 bytes", null);
            }
            afterLength();
        }
    }

    private void afterLength() {
        bytesLeft = Integer.BYTES;
        part = masked ? Part.KEY : Part.PAYLOAD;
    }

    private void key(int octet) {
        key = key << Byte.SIZE | octet;
        if (--bytesLeft == 0) {
            part = Part.PAYLOAD;
        }
    }

    private static WebSocketCloseException violation(String what) {
        return new WebSocketCloseException(WebSocketCloseException.PROTOCOL_ERROR, what, null);
    }

    boolean isControl() {
        return opcode >= FrameHeader.CLOSE;
    }

    /** The opcode of the frame. */
    int opcode() {
        return opcode;
    }

    /** Whether the frame is binary, or continues a binary message. */
    boolean isBinary() {
        return (opcode == FrameHeader.CONTINUATION ? message : opcode) == FrameHeader.BINARY;
    }

    /** Whether the frame belongs to a text message that is not empty as a whole. */
    boolean isTextWithContent() {
        return (opcode == FrameHeader.CONTINUATION ? message : opcode) == FrameHeader.TEXT && !isEmptyMessage();
    }

    /** Whether the whole frame was read, and not acted upon yet. */
    boolean isFrameComplete() {
        return part == Part.PAYLOAD && read == length;
    }

    /**
     * Whether nothing of a frame was read behind a complete message: here, and only here, may a peer end TCP in order.
     */
    boolean isBetweenMessages() {
        return part == Part.FIRST && message == 0;
    }

    /** Whether this frame is a message of its own, and empty. */
    boolean isEmptyMessage() {
        return opcode != FrameHeader.CONTINUATION && fin && length == 0;
    }

    long payloadLeft() {
        return length - read;
    }

    /** Unmasks the next bytes of the payload in place and counts them. */
    public void unmask(ByteBuffer buffer, int from, int to) {
        if (masked) {
            Mask.apply(buffer, from, to, key, read);
        }
        skip(to - from);
    }

    /** Counts the next bytes of the payload. */
    void skip(int count) {
        read += count;
    }

    /** All of the payload was read: the next header follows. */
    public void endFrame() {
        if (!isControl()) {
            if (fin) {
                message = 0;
            } else if (opcode != FrameHeader.CONTINUATION) {
                message = opcode;
            }
        }
        part = Part.FIRST;
    }
}
