package io.v2ws;

import java.io.IOException;

/**
 * How a stream ended.
 *
 * @param bytesIn bytes read from the network
 * @param bytesOut bytes handed to the operating system
 * @param failure null when the stream ended in order, else what went wrong; a {@link WebSocketCloseException} where
 *     there was a close code, an {@link UnansweredCloseException} where only the peer's answer to this end's Close is
 *     missing
 * @param closeCode of a WebSocket, see {@link WebSocketStream#closeCode}; 0 for a TCP connection, and where no
 *     WebSocket was opened
 * @param discardedText bytes of text messages that were thrown away (F2); 0 for a TCP connection
 */
public record StreamOutcome(long bytesIn, long bytesOut, IOException failure, int closeCode, long discardedText) {

    /** Makes the outcome of a stream that got no text messages. */
    public StreamOutcome(long bytesIn, long bytesOut, IOException failure, int closeCode) {
        this(bytesIn, bytesOut, failure, closeCode, 0);
    }

    /** Whether the stream ended in order. */
    public boolean isClean() {
        return failure == null;
    }

    /** Whether a WebSocket ended in order, but without a Close frame: by a FIN behind a complete message. */
    public boolean isWithoutCloseFrame() {
        return isClean() && closeCode == WebSocketCloseException.NO_CLOSE_FRAME;
    }
}
