package io.v2ws.system;

import io.v2ws.testing.Background;
import io.v2ws.testing.Bytes;
import io.v2ws.testing.peers.Link;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;

/** All processes of one combination, joined to a way from a local TCP port to an upstream in this JVM. */
final class Tunnel implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 60_000;

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final Workspace workspace;
    private final Upstream upstream;
    private Program ours;
    private Program peer;
    private Program entry;

    /**
     * A connection through the tunnel that is known to be open from end to end.
     *
     * @param socket its near end
     * @param nearEnd how it ended for whoever reads the near end; nothing but {@link #hold} reads there
     * @param farEnd how it ended for the upstream
     */
    record Held(Socket socket, CompletableFuture<End> nearEnd, CompletableFuture<End> farEnd) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private Tunnel(Workspace workspace) throws IOException {
        this.workspace = workspace;
        parts.push(workspace);
        this.upstream = new Upstream();
        parts.push(upstream);
    }

    /** Starts all processes of a combination. */
    static Tunnel start(Combination combination) throws Exception {
        Tunnel tunnel = new Tunnel(Workspace.of(combination.toString()));
        try {
            tunnel.launch(combination);
            return tunnel;
        } catch (IOException | RuntimeException | Error x) {
            tunnel.workspace.keep();
            tunnel.close();
            throw x;
        }
    }

    private void launch(Combination combination) throws IOException {
        Peer other = combination.peer();
        Link link = combination.link();
        if (combination.ourEnd() == OurEnd.FORWARD) {
            peer = keep(other.server(workspace, link, upstream.port()));
            ours = keep(V2ws.forward(workspace, combination.engine(), link, peer.port()));
            Program packer = keep(other.packer(workspace, link, ours.port(), upstream.port()));
            entry = packer != null ? packer : ours;
        } else {
            Program unpacker = keep(other.unpacker(workspace, link, upstream.port()));
            int service = unpacker != null ? unpacker.port() : upstream.port();
            ours = keep(
                    combination.ourEnd() == OurEnd.SERVE
                            ? V2ws.serve(workspace, combination.engine(), link, service)
                            : V2ws.filter(workspace, combination.engine(), link, service));
            peer = keep(other.client(workspace, link, ours.port(), upstream.port()));
            entry = peer;
        }
    }

    private Program keep(Program program) {
        if (program != null) {
            parts.push(program);
        }
        return program;
    }

    /** Our end of the WebSocket. */
    Program ours() {
        return ours;
    }

    /** The peer's end of the WebSocket. */
    Program peer() {
        return peer;
    }

    Upstream upstream() {
        return upstream;
    }

    Workspace workspace() {
        return workspace;
    }

    /** Connects to the near end of the tunnel. */
    Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getByName("127.0.0.1"), entry.port());
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MILLIS);
        return socket;
    }

    /** Opens a connection and watches both of its ends. */
    Held hold() throws IOException {
        CompletableFuture<End> farEnd = upstream.next(Upstream::echoUntilEnd);
        Socket socket = connect();
        echo(socket, Bytes.utf8("anybody there?"));
        return new Held(socket, Background.supply(() -> awaitEnd(socket)), farEnd);
    }

    /** Sends bytes and fails unless the same come back. */
    static void echo(Socket socket, byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        byte[] back = socket.getInputStream().readNBytes(bytes.length);
        if (!Arrays.equals(back, bytes)) {
            throw new IOException("Expected " + bytes.length + " bytes back but was "
                    + (back.length < bytes.length ? "the end after " + back.length : "others"));
        }
    }

    private static End awaitEnd(Socket socket) {
        try {
            InputStream in = socket.getInputStream();
            while (in.read() >= 0) {
                // Nothing is expected any more.
            }
            return End.CLEAN;
        } catch (IOException x) {
            return End.RESET;
        }
    }

    @Override
    public void close() throws Exception {
        while (!parts.isEmpty()) {
            parts.pop().close();
        }
    }
}
