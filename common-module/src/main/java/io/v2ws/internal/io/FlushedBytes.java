package io.v2ws.internal.io;

/** An end point that counts what the network takes. A tunnel learns from it that a long write makes progress. */
public interface FlushedBytes {
    /** Returns how many bytes the network has taken so far; those of TLS may be counted encrypted. */
    long bytesFlushed();
}
