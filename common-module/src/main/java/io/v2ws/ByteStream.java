package io.v2ws;

import java.io.Closeable;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.Callback;

/**
 * A stream of bytes in both directions, in the terms of Jetty 12: a {@link Content.Source} to read from and a {@link
 * Content.Sink} to write to. A WebSocket ({@link WebSocketStream}) and a TCP connection ({@code io.v2ws.tcp.TcpStream})
 * are both one of these, and {@code io.v2ws.relay.Relay} joins any two.
 *
 * <p><b>Reading</b> is demand-driven: {@link #read()} returns a chunk (release it when done), {@code null} when nothing
 * is there ({@link #demand} then calls back once something is), an {@code EOF} chunk at the end of the stream or a
 * failure chunk, either behind everything that arrived before; nothing is taken from the network until somebody asked.
 * One reader at a time.
 *
 * <p><b>Writing</b>: {@link #write} completes its callback when the bytes were handed to the operating system, and not
 * before the far side's backpressure allows it; the buffer must stay untouched until then. {@code write(true, …)} also
 * ends the output: see {@link #canHalfClose()}.
 *
 * <p>Callbacks run on Jetty's threads and must not block. For blocking code there are {@link #asInputStream()} and
 * {@link #asOutputStream()}, to be used from threads of your own.
 *
 * <p>Every stream has to be ended by {@link #close()} or {@link #abort}, also after a failure: that is what gives its
 * buffers back.
 */
public interface ByteStream extends Content.Source, Content.Sink, Closeable {

    /**
     * Whether the end of the output can be told to the far end while it may go on sending. Where it cannot,
     * {@code write(true, …)} only forbids further writes; the far end learns of the end by {@link #close()}. May change
     * from false to true while a stream lives.
     */
    boolean canHalfClose();

    /**
     * Writes a chunk that was read from another stream, as {@code write(false, …)} does, and may change its bytes on
     * the way: a client masks in place. The chunk stays the caller's to release, after the callback.
     */
    default void write(Content.Chunk chunk, Callback callback) {
        write(false, chunk.getByteBuffer(), callback);
    }

    /**
     * Ends the stream gracefully and returns at once: what was written before still goes out, what comes in is
     * discarded, readers see the end. {@link #closed()} tells when it is done. Does nothing on an ended stream.
     */
    @Override
    void close();

    /**
     * Ends the stream with an error that the far end can see (a TCP reset, a WebSocket Close 1011), behind what was
     * written before. Readers and writers on this side fail at once with an {@link java.io.IOException} caused by
     * {@code cause}; a write that is not complete may go out in part. Does nothing on an ended stream.
     *
     * @param cause why, for this side only; it is never sent to the far end
     */
    void abort(Throwable cause);

    /** The same as {@link #abort}: a source that is failed by its reader takes the whole stream with it. */
    @Override
    default void fail(Throwable failure) {
        abort(failure);
    }

    /**
     * Completes when this side has done all it does with the stream, always normally, with how it ended. The socket may
     * live on for a while, so that what was sent gets there.
     */
    CompletableFuture<StreamOutcome> closed();

    /** Bytes read from the network so far, framing not counted. */
    long bytesIn();

    /** Bytes handed to the operating system so far, framing not counted. */
    long bytesOut();

    /**
     * Returns a blocking view of the input. Closing it before the end aborts the stream, and never throws. Do not mix
     * with {@link #read}.
     */
    default InputStream asInputStream() {
        return new BlockingInput(this);
    }

    /**
     * Returns a blocking view of the output; closing it ends the output, see {@link #canHalfClose()}. A close behind a
     * failure that either view has thrown throws nothing.
     */
    default OutputStream asOutputStream() {
        return new BlockingOutput(this);
    }
}
