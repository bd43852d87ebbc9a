package io.v2ws.internal.websocket;

import io.v2ws.WebSocketCloseException;
import io.v2ws.WebSocketStream;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.testing.Bytes;
import io.v2ws.testing.FrameBytes;
import io.v2ws.testing.RawFrame;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import org.eclipse.jetty.io.ByteArrayEndPoint;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * A {@link FrameConnection} on an end point in memory, driven by the thread of the test alone: what is fed in one piece
 * is read in one piece, which no socket promises. The stream's reader takes what comes.
 */
public final class FrameWire {
    /**
     * What became of the bytes.
     *
     * @param sha256 of the stream
     * @param length of the stream
     * @param code of the failure the reader saw; 0 for the end in order
     * @param answers the frames that went out
     */
    public record Result(String sha256, int length, int code, List<String> answers) {}

    /** What the reader does with a chunk. */
    public enum Reader {
        /** Gives it back at once. */
        EAGER,
        /** Gives it back when the next one is there, and looks whether it still is what it was. */
        HOLDING,
        /** Reads when the test says so. */
        LAZY
    }

    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final MemoryEndPoint endPoint = new MemoryEndPoint();
    private final ByteArrayOutputStream read = new ByteArrayOutputStream();
    private final Reader reader;
    private WebSocketStream stream;
    private Content.Chunk held;
    private byte[] heldBytes;
    private int code = -1;
    private int turns;

    public FrameWire(boolean server, Reader reader, Scheduler scheduler, ByteBufferPool pool) {
        this.reader = reader;
        WebSocketTransportOptions options = WebSocketTransportOptions.builder()
                .halfClose(false)
                .pingInterval(Duration.ZERO)
                .build();
        FrameConnection connection = server
                ? FrameConnection.server(endPoint, this::later, pool, scheduler, options, UpgradeOffer.NONE, this::open)
                : FrameConnection.client(endPoint, this::later, pool, scheduler, options, this::open);
        endPoint.setConnection(connection);
        connection.onOpen();
        if (reader != Reader.LAZY) {
            read();
        }
    }

    private void open(WebSocketStream opened) {
        stream = opened;
    }

    private void later(Runnable task) {
        turns++;
        tasks.add(task);
    }

    /** The stream on the connection. */
    WebSocketStream stream() {
        return stream;
    }

    /** Closes the connection from below, as a server does that stops. */
    void closeConnection() {
        endPoint.close();
        runTasks();
    }

    /** How often the connection has asked to go on later. */
    public int turns() {
        return turns;
    }

    /** Lets the connection read these bytes, all at once. */
    public void feed(byte[] bytes, int from, int to) {
        endPoint.addInput(ByteBuffer.wrap(Arrays.copyOfRange(bytes, from, to)));
        runTasks();
    }

    /** The TCP stream ends; returns what became of it all. */
    public Result end() throws IOException {
        endPoint.addInputEOF();
        runTasks();
        releaseHeld();
        List<String> answers = answers();
        if (code == 0) {
            // Where the peer ended by a FIN alone the other direction is open still.
            stream.close();
            runTasks();
        }
        if (!stream.closed().isDone() || endPoint.isOpen()) {
            throw new AssertionError("the stream did not end with its connection");
        }
        byte[] bytes = read.toByteArray();
        return new Result(Bytes.sha256(bytes), bytes.length, code, answers);
    }

    private void runTasks() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    private void read() {
        while (true) {
            Content.Chunk chunk = stream.read();
            if (chunk == null) {
                stream.demand(this::read);
                return;
            }
            if (Content.Chunk.isFailure(chunk)) {
                code = ((WebSocketCloseException) chunk.getFailure()).code();
                return;
            }
            take(chunk);
            if (chunk.isLast()) {
                code = 0;
                return;
            }
        }
    }

    private void take(Content.Chunk chunk) {
        byte[] bytes = BufferUtil.toArray(chunk.getByteBuffer());
        read.writeBytes(bytes);
        releaseHeld();
        if (reader == Reader.HOLDING) {
            held = chunk;
            heldBytes = bytes;
        } else {
            chunk.release();
        }
    }

    private void releaseHeld() {
        if (held == null) {
            return;
        }
        if (!ByteBuffer.wrap(heldBytes).equals(held.getByteBuffer())) {
            throw new AssertionError("a chunk changed while its reader held it");
        }
        held.release();
        held = null;
    }

    /** The frames that went out since the last call. */
    List<String> answers() throws IOException {
        ByteArrayInputStream out = new ByteArrayInputStream(BufferUtil.toArray(endPoint.takeOutput()));
        List<String> frames = new ArrayList<>();
        for (RawFrame frame = RawFrame.read(out); frame != null; frame = RawFrame.read(out)) {
            frames.add(describe(frame.opcode(), frame.payload()));
        }
        return frames;
    }

    /** A frame that went out, in words. */
    static String describe(int opcode, byte[] payload) {
        String name = opcode == FrameBytes.PONG ? "pong " : opcode == FrameBytes.CLOSE ? "close " : opcode + " ";
        return name + HexFormat.of().formatHex(payload);
    }

    /** Runs what it has to run when the test says so. */
    private final class MemoryEndPoint extends ByteArrayEndPoint {
        MemoryEndPoint() {
            super(null, 0, null, -1, true);
        }

        @Override
        protected void execute(Runnable task) {
            tasks.add(task);
        }

        @Override
        public void onClose(Throwable cause) {
            super.onClose(cause);
            // What a selector does for a socket.
            tasks.add(() -> getConnection().onClose(cause));
        }
    }
}
