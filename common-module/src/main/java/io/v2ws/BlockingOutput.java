package io.v2ws;

import io.v2ws.internal.io.StreamFailures;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.eclipse.jetty.util.Blocker;
import org.eclipse.jetty.util.BufferUtil;

/** The blocking view of a stream's output, see {@link ByteStream#asOutputStream()}. */
final class BlockingOutput extends OutputStream {
    private final ByteStream stream;
    private boolean closed;

    BlockingOutput(ByteStream stream) {
        this.stream = stream;
    }

    @Override
    public void write(int octet) throws IOException {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        try {
            send(false, ByteBuffer.wrap(bytes, offset, length));
        } catch (IOException x) {
            throw StreamFailures.tell(x);
        }
    }

    /** Ends the output. Silent where a caller has heard already why that cannot be. */
    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        try {
            send(true, BufferUtil.EMPTY_BUFFER);
        } catch (StreamEndedException ended) {
            // The stream is closed as a whole: its output has ended.
        } catch (IOException x) {
            if (!StreamFailures.isTold(x)) {
                throw StreamFailures.tell(x);
            }
        }
    }

    /** Jetty's exception has no message, and does not keep the thread interrupted. */
    private static InterruptedIOException interrupted(InterruptedIOException cause) {
        InterruptedIOException told =
                new InterruptedIOException("interrupted while writing; the bytes may still go out");
        told.initCause(cause);
        Thread.currentThread().interrupt();
        return told;
    }

    private void send(boolean last, ByteBuffer buffer) throws IOException {
        try (Blocker.Callback callback = Blocker.callback()) {
            stream.write(last, buffer, callback);
            callback.block();
        } catch (InterruptedIOException x) {
            throw x.getCause() instanceof InterruptedException ? interrupted(x) : x;
        }
    }
}
