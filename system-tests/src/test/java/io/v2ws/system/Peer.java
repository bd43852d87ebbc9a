package io.v2ws.system;

import io.v2ws.testing.peers.Link;
import io.v2ws.testing.peers.PeerProgram;
import io.v2ws.testing.peers.ShadowsocksPlugin;
import io.v2ws.testing.peers.SingBox;
import io.v2ws.testing.peers.V2ray;
import java.io.IOException;
import java.nio.file.Path;

/** Runs a program that speaks the transport too, as processes of a workspace. */
record Peer(PeerProgram program) {

    static Peer singBox() {
        return new Peer(new SingBox(Path.of(System.getProperty("v2ws.peers", "peers-bin"), "python"), "info"));
    }

    static Peer v2ray() {
        return new Peer(new V2ray(V2ray.SHORT_WAITS));
    }

    static Peer shadowsocksPlugin() {
        return new Peer(new ShadowsocksPlugin());
    }

    /** The name in the table. */
    String name() {
        return program.name();
    }

    String version() throws IOException {
        return program.version();
    }

    /** Starts the WebSocket server; what comes out of the tunnel goes to {@code upstream}. */
    Program server(Workspace workspace, Link link, int upstream) throws IOException {
        return start(workspace, "server", port -> program.server(workspace.folder(), link, port, upstream));
    }

    /** Starts a TCP port in front of the WebSocket server {@code server}; all of it is meant for {@code upstream}. */
    Program client(Workspace workspace, Link link, int server, int upstream) throws IOException {
        return start(workspace, "client", port -> program.client(workspace.folder(), link, port, server, upstream));
    }

    /** Starts what unpacks the carried protocol behind a WebSocket server of ours; null if nothing is carried. */
    Program unpacker(Workspace workspace, Link link, int upstream) throws IOException {
        return link.carried().equals(Link.RAW)
                ? null
                : start(workspace, "unpacker", port -> program.unpacker(workspace.folder(), link, port));
    }

    /** Starts what packs the carried protocol in front of a WebSocket client of ours; null if nothing is carried. */
    Program packer(Workspace workspace, Link link, int forward, int upstream) throws IOException {
        return link.carried().equals(Link.RAW)
                ? null
                : start(workspace, "packer", port -> program.packer(workspace.folder(), link, port, forward, upstream));
    }

    private Program start(Workspace workspace, String role, Program.Command command) throws IOException {
        return Program.start(workspace, name() + "-" + role, command, program.ready());
    }
}
