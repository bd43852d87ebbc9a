package io.v2ws;

import io.v2ws.internal.io.StreamFailures;
import java.io.FilterInputStream;
import java.io.IOException;
import org.eclipse.jetty.io.Content;

/** The blocking view of a stream's input, see {@link ByteStream#asInputStream()}. */
final class BlockingInput extends FilterInputStream {
    BlockingInput(ByteStream stream) {
        super(Content.Source.asInputStream(stream));
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            // Jetty's view waits for bytes here, and readNBytes of the JDK asks for none once it has all.
            return 0;
        }
        try {
            return super.read(bytes, offset, length);
        } catch (IOException x) {
            throw StreamFailures.tell(x);
        }
    }

    /** Jetty's view throws the failure of the stream from here, to a caller that wants nothing more. */
    @Override
    public void close() {
        try {
            super.close();
        } catch (IOException unread) {
            // The reader did not ask for it.
        }
    }
}
