package io.v2ws.testing;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Keeps a copy of what is logged (slf4j-simple writes to {@code System.err}) until it is closed. */
public final class CapturedLog implements AutoCloseable {
    private final PrintStream before = System.err;
    private final ByteArrayOutputStream copy = new ByteArrayOutputStream();

    /** Starts to copy. */
    public CapturedLog() {
        System.setErr(new PrintStream(new Tee(), true, StandardCharsets.UTF_8));
    }

    /** Returns what was logged until now. */
    public String text() {
        return copy.toString(StandardCharsets.UTF_8);
    }

    /** Ends the copying. */
    @Override
    public void close() {
        System.setErr(before);
    }

    private final class Tee extends OutputStream {
        @Override
        public void write(int b) {
            copy.write(b);
            before.write(b);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            copy.write(bytes, offset, length);
            before.write(bytes, offset, length);
        }
    }
}
