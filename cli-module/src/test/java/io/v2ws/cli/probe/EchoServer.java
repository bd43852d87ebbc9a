package io.v2ws.cli.probe;

import io.v2ws.testing.FrameBytes;
import io.v2ws.testing.RawFrame;
import io.v2ws.testing.RawRequest;
import io.v2ws.testing.RawWebSocketPeer;
import io.v2ws.testing.SocketServer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** A hand-written WebSocket server that echoes, well or badly: each trait is switched by itself. */
final class EchoServer implements AutoCloseable {
    private static final String PROTOCOL = "Sec-WebSocket-Protocol";

    /** What becomes of early data in the header. */
    enum Early {
        ECHOED,
        /** Given to the echo with the first frame. */
        HELD,
        /** The request is never answered. */
        STUCK,
        IGNORED
    }

    private final SocketServer server;
    volatile Early early = Early.ECHOED;
    volatile boolean echoesProtocol = true;
    volatile boolean answersPings = true;
    volatile boolean answersClose = true;
    volatile int closeCode = 1000;
    /** The longest header value that is not answered by {@link #refusal}. */
    volatile int longestValue = Integer.MAX_VALUE;

    volatile String refusal = "HTTP/1.1 502 Bad Gateway\r\nServer: edge/1\r\nContent-Length: 0\r\n\r\n";
    /** Zero for never. */
    volatile Duration cutsSilenceAfter = Duration.ZERO;

    /** Whether it begins with a ping of its own. */
    volatile boolean pingsFirst;

    volatile List<String> headers = List.of();
    /** Whether data comes back as it was sent. */
    volatile boolean corrupts;

    EchoServer() throws IOException {
        server = new SocketServer("echo", socket -> serve(RawWebSocketPeer.accept(socket)));
    }

    String url() {
        return "ws://127.0.0.1:" + server.port() + "/t";
    }

    private void serve(RawWebSocketPeer peer) throws IOException {
        peer.setTimeoutMillis((int) cutsSilenceAfter.toMillis());
        RawRequest request = peer.readRequestHead();
        if (request == null) {
            return;
        }
        String value = request.header(PROTOCOL);
        if (!request.target().equals("/t")) {
            peer.respond("HTTP/1.1 404 Not Found\r\nServer: edge/1\r\nContent-Length: 0\r\n\r\n");
            return;
        }
        if (value != null && value.length() > longestValue) {
            peer.respond(refusal);
            return;
        }
        if (value != null && early == Early.STUCK) {
            peer.readFrame();
            return;
        }
        List<String> more = new ArrayList<>(headers);
        if (value != null && echoesProtocol) {
            more.add(PROTOCOL + ": " + value);
        }
        peer.acceptUpgrade(request, more);
        byte[] data = value == null || early == Early.IGNORED
                ? new byte[0]
                : Base64.getUrlDecoder().decode(value);
        if (data.length > 0 && early == Early.ECHOED) {
            peer.sendBinary(data);
        }
        if (pingsFirst) {
            peer.sendPing();
        }
        echo(peer, early == Early.HELD ? data : new byte[0]);
    }

    private void echo(RawWebSocketPeer peer, byte[] held) throws IOException {
        byte[] waiting = held;
        for (RawFrame frame = peer.readFrame(); frame != null; frame = peer.readFrame()) {
            switch (frame.opcode()) {
                case FrameBytes.BINARY -> {
                    if (waiting.length > 0) {
                        peer.sendBinary(waiting);
                        waiting = new byte[0];
                    }
                    byte[] payload = frame.payload();
                    if (corrupts && payload.length > 100) {
                        payload[payload.length - 1]++;
                    }
                    peer.sendBinary(payload);
                }
                case FrameBytes.PING -> {
                    if (answersPings) {
                        peer.sendPong(frame.payload());
                    }
                }
                case FrameBytes.CLOSE -> {
                    if (answersClose) {
                        peer.sendClose(closeCode, "");
                        return;
                    }
                }
                default -> {}
            }
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
