package io.v2ws.internal.websocket;

import io.v2ws.WebSocketCloseException;
import io.v2ws.WebSocketTransportOptions.TextMode;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.util.BufferUtil;

/**
 * Hands what was read from the network on to the stream, as much per demand as goes in one piece: all data up to the
 * end of the buffer or to a frame of another kind, or else that one frame. One thread at a time.
 */
final class FrameDelivery {
    private final FrameParser parser;
    private final boolean textIsData;
    private final Runnable onMet;
    private final Consumer<CloseBody> onClose;
    private FramedStream stream;
    private ByteBuffer control;
    /** Found behind data that was handed out first. */
    private WebSocketCloseException violation;

    /**
     * Makes it.
     *
     * @param text whether text messages with content are data
     * @param onMet called before the stream is: the demand is met, whoever is called now asks for the next
     * @param onClose called with the peer's Close; nothing follows
     */
    FrameDelivery(Role role, TextMode text, Runnable onMet, Consumer<CloseBody> onClose) {
        this.parser = new FrameParser(role);
        this.textIsData = text == TextMode.DATA;
        this.onMet = onMet;
        this.onClose = onClose;
    }

    /** Sets who gets the frames, before there are any. */
    void setStream(FramedStream stream) {
        this.stream = stream;
    }

    /** Whether something was read to the end that had to wait behind data. */
    boolean isPending() {
        return violation != null || parser.isFrameComplete();
    }

    /** Whether all that was read are complete messages. */
    boolean isBetweenMessages() {
        return violation == null && parser.isBetweenMessages();
    }

    /**
     * Delivers the next piece, if there is a whole one.
     *
     * @param network what was read; its bytes are used up, and it is retained as long as the stream needs them; may be
     *     null if {@link #isPending()}
     * @throws WebSocketCloseException with the code to fail the connection with
     */
    void next(RetainableByteBuffer network) throws WebSocketCloseException {
        if (violation != null) {
            throw violation;
        }
        ByteBuffer in = network == null ? BufferUtil.EMPTY_BUFFER : network.getByteBuffer();
        boolean ready;
        boolean anyEmpty = false;
        int start = 0;
        int end = 0;
        while ((ready = parsed(in, end > start)) && isData()) {
            int from = in.position();
            int count = take(in);
            if (end == start) {
                start = from;
                end = from;
            } else {
                // Over the header between them: moving bytes costs less than one more write.
                in.put(end, in, from, count);
            }
            end += count;
            anyEmpty |= count == 0;
        }
        if (end > start) {
            onMet.run();
            network.retain();
            stream.onBinary(new PayloadChunk(in.slice(start, end - start), network));
        } else if (ready) {
            other(in);
        } else if (anyEmpty) {
            onMet.run();
            stream.onNothing();
        }
    }

    private boolean isData() {
        return parser.isBinary() || (textIsData && parser.isTextWithContent());
    }

    /**
     * Whether a header is complete, and some of its payload there if it has any.
     *
     * @param behindData whether a violation has to wait for the demand behind this one
     */
    private boolean parsed(ByteBuffer in, boolean behindData) throws WebSocketCloseException {
        try {
            return parser.parse(in) && (in.hasRemaining() || parser.payloadLeft() == 0);
        } catch (WebSocketCloseException broken) {
            if (!behindData) {
                throw broken;
            }
            violation = broken;
            return false;
        }
    }

    /** Unmasks what there is of the payload and steps over it; returns how much. */
    private int take(ByteBuffer in) {
        int from = in.position();
        int count = (int) Math.min(parser.payloadLeft(), in.remaining());
        parser.unmask(in, from, from + count);
        in.position(from + count);
        if (parser.payloadLeft() == 0 && !parser.isControl()) {
            parser.endFrame();
        }
        return count;
    }

    /** Text, which is thrown away, or a control frame. */
    private void other(ByteBuffer in) throws WebSocketCloseException {
        int from = in.position();
        if (parser.isControl()) {
            collect(in.slice(from, take(in)));
        } else {
            boolean emptyMessage = parser.isEmptyMessage();
            int count = take(in);
            onMet.run();
            stream.onText(emptyMessage, count);
        }
    }

    /** Collects the payload of a control frame, which may come in pieces, and acts when it is whole. */
    private void collect(ByteBuffer piece) throws WebSocketCloseException {
        if (control == null) {
            control = ByteBuffer.allocate(piece.remaining() + (int) parser.payloadLeft());
        }
        control.put(piece);
        if (parser.payloadLeft() > 0) {
            return;
        }
        int opcode = parser.opcode();
        ByteBuffer payload = control.flip();
        control = null;
        parser.endFrame();
        if (opcode == FrameHeader.CLOSE) {
            CloseBody body = CloseBody.parse(payload);
            onClose.accept(body);
            return;
        }
        onMet.run();
        if (opcode == FrameHeader.PING) {
            stream.onPing(payload);
        } else {
            stream.onPong(payload);
        }
    }
}
