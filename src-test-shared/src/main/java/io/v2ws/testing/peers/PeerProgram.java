package io.v2ws.testing.peers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A program that speaks the transport, in both roles. The methods return command lines; what they need a file for, they
 * write into the folder. Everything listens on 127.0.0.1.
 */
public interface PeerProgram {

    /** The name for tables and logs. */
    String name();

    /**
     * The version that is installed.
     *
     * @throws IOException if none is
     */
    String version() throws IOException;

    /** What the program says once it listens. */
    Pattern ready();

    /** Runs the program as WebSocket server; what comes out of the tunnel goes to {@code upstream}. */
    List<String> server(Path folder, Link link, int listen, int upstream) throws IOException;

    /**
     * Runs the program as a TCP port in front of the WebSocket server {@code server}; all is meant for
     * {@code upstream}.
     */
    List<String> client(Path folder, Link link, int listen, int server, int upstream) throws IOException;

    /** Runs what unpacks the carried protocol behind a WebSocket server of ours. */
    default List<String> unpacker(Path folder, Link link, int listen) throws IOException {
        throw new UnsupportedOperationException(name() + " carries nothing");
    }

    /** Runs what packs the carried protocol in front of a WebSocket client of ours. */
    default List<String> packer(Path folder, Link link, int listen, int forward, int upstream) throws IOException {
        throw new UnsupportedOperationException(name() + " carries nothing");
    }
}
