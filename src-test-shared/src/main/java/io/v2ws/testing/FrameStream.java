package io.v2ws.testing;

import java.util.concurrent.CompletableFuture;
import org.eclipse.jetty.io.Content;

/** The stream under test: the product's own, seen through an adapter, because the fixtures know no module of ours. */
public interface FrameStream extends Content.Source, Content.Sink {

    /** Ends the stream gracefully. */
    void close();

    /** Ends the stream with an error. */
    void abort(Throwable cause);

    /** Whether both ends announced half-close. */
    boolean canHalfClose();

    /** Completes when the connection is gone, with what went wrong, or with null when it ended in order. */
    CompletableFuture<Throwable> closed();

    /** Bytes read from the network. */
    long bytesIn();

    /** Bytes handed to the operating system. */
    long bytesOut();

    /** The code of the peer's Close frame; 1006 while and where there was none. */
    int closeCode();

    /** The close code a failure carries; -1 if it is no failure of the WebSocket. */
    int codeOf(Throwable failure);
}
