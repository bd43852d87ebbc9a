package io.v2ws.system;

import java.io.IOException;

/** A program that speaks the transport too, in both roles. What it listens on is on 127.0.0.1. */
interface Peer {

    /** The name in the table. */
    String name();

    /** The version that is installed. */
    String version() throws IOException;

    /** Starts it as WebSocket server; what comes out of the tunnel goes to {@code upstream}. */
    Program server(Workspace workspace, Link link, int upstream) throws IOException;

    /** Starts it as a TCP port in front of the WebSocket server {@code server}; all of it is meant for {@code upstream}. */
    Program client(Workspace workspace, Link link, int server, int upstream) throws IOException;

    /** Starts what unpacks the carried protocol behind a WebSocket server of ours; null if nothing is carried. */
    Program unpacker(Workspace workspace, Link link, int upstream) throws IOException;

    /** Starts what packs the carried protocol in front of a WebSocket client of ours; null if nothing is carried. */
    Program packer(Workspace workspace, Link link, int forward, int upstream) throws IOException;
}
