package io.v2ws.internal.websocket;

import io.v2ws.WebSocketStream;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The open WebSockets of one client or one filter, so that they can be ended in order when it is closed. Safe for any
 * thread.
 */
public final class OpenStreams {
    private final Set<FramedStream> open = ConcurrentHashMap.newKeySet();
    private final CompletableFuture<Void> empty = new CompletableFuture<>();
    private volatile IOException reason;

    /** Makes an empty set. */
    public OpenStreams() {}

    /**
     * Adds a stream that has just opened; it leaves by itself when it ends. Once {@link #goAway} was called it ends at
     * once.
     *
     * @param stream one that an engine of this library made
     */
    public void add(WebSocketStream stream) {
        FramedStream framed = (FramedStream) stream;
        open.add(framed);
        framed.whenGone(this);
        if (reason != null) {
            framed.goAway(reason);
        }
    }

    /**
     * Sends Close 1001 on every stream; readers and writers on this side fail.
     *
     * @param why what they fail with
     * @return completes when all streams have ended
     */
    public CompletableFuture<Void> goAway(IOException why) {
        reason = why;
        open.forEach(stream -> stream.goAway(why));
        completeIfEmpty();
        return empty;
    }

    /** Resets the connections of the streams that are still open. */
    public void cut() {
        open.forEach(FramedStream::cut);
    }

    /** A stream has ended. */
    void remove(FramedStream stream) {
        open.remove(stream);
        completeIfEmpty();
    }

    private void completeIfEmpty() {
        if (reason != null && open.isEmpty()) {
            empty.complete(null);
        }
    }
}
