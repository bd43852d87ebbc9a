package io.v2ws.server;

import io.v2ws.testing.EchoUpstream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A TCP service for one connection that notes what it received and how its input ended. */
final class Upstream implements AutoCloseable {
    /** Done with the connection before its input is read. */
    interface Opening {
        void begin(Socket socket) throws IOException;
    }

    /** Done with the connection when its input has ended in order. */
    interface Ending {
        void end(Socket socket) throws IOException;
    }

    private static final int PATIENCE_SECONDS = 10;

    private final StringBuffer received = new StringBuffer();
    private final CompletableFuture<String> inputEnd = new CompletableFuture<>();
    private final CompletableFuture<Socket> socket = new CompletableFuture<>();
    private final EchoUpstream server;

    private Upstream(Opening opening, Ending ending) throws IOException {
        server = EchoUpstream.scripted(accepted -> {
            socket.complete(accepted);
            opening.begin(accepted);
            read(accepted.getInputStream());
            ending.end(accepted);
        });
    }

    /** Sends nothing; ends its output when its input has ended. */
    static Upstream reading() throws IOException {
        return new Upstream(opened -> {}, ended -> {});
    }

    /** Begins with something, for instance a greeting. */
    static Upstream opening(Opening opening) throws IOException {
        return new Upstream(opening, ended -> {});
    }

    /** Answers when its input has ended. */
    static Upstream ending(Ending ending) throws IOException {
        return new Upstream(opened -> {}, ending);
    }

    private void read(InputStream in) throws IOException {
        byte[] buffer = new byte[65_536];
        try {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                received.append(new String(buffer, 0, count, StandardCharsets.ISO_8859_1));
            }
            inputEnd.complete("end");
        } catch (SocketException x) {
            inputEnd.complete("reset");
            throw x;
        }
    }

    /** Writes a text. */
    static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    int port() {
        return server.port();
    }

    int acceptedConnections() {
        return server.acceptedConnections();
    }

    /** What was received until now. */
    String received() {
        return received.toString();
    }

    /** Waits for the connection. */
    Socket socket() throws Exception {
        return socket.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** Waits for the end of the input: {@code end} in order, or {@code reset}. */
    String inputEnd() throws Exception {
        return inputEnd.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** Whether the input has ended, in either way. */
    boolean hasInputEnded() {
        return inputEnd.isDone();
    }

    /** Cuts the connection with a TCP reset. */
    void reset() {
        server.resetAll();
    }

    @Override
    public void close() {
        server.close();
    }
}
