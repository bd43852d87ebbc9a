package io.v2ws.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * One end of a WebSocket connection made of hand-written bytes, so that nothing is checked against itself. It does
 * nothing unasked: no pong, no Close reply. Reads and writes fail after 10 seconds. To stop the far writer, just do not
 * read. One thread may write while another reads.
 */
public final class RawWebSocketPeer implements AutoCloseable {

    private final Socket socket;
    /** The connection below TLS, or the same. */
    private final Socket below;

    private final InputStream in;
    private final boolean client;
    private final BinaryCollector collector = new BinaryCollector(this::readFrame);
    private volatile int timeoutMillis = Sockets.TIMEOUT_MILLIS;

    private RawWebSocketPeer(Socket socket, Socket below, boolean client) throws IOException {
        this.socket = socket;
        this.below = below;
        this.client = client;
        socket.setSoTimeout(timeoutMillis);
        this.in = new BufferedInputStream(socket.getInputStream());
    }

    /** Connects to a port of 127.0.0.1, as client. */
    public static RawWebSocketPeer connect(int port) throws IOException {
        return connect(Sockets.loopback(port));
    }

    /** Connects to an address, as client. */
    public static RawWebSocketPeer connect(SocketAddress address) throws IOException {
        return connect(address, 0);
    }

    /**
     * Connects as client with a receive buffer of the given size, which bounds what the far end can write unread.
     *
     * @param receiveBufferSize bytes, 0 for the system's default
     */
    public static RawWebSocketPeer connect(SocketAddress address, int receiveBufferSize) throws IOException {
        return client(Sockets.connect(address, receiveBufferSize));
    }

    /** Takes over a connected socket, for instance one with TLS, as client. */
    public static RawWebSocketPeer client(Socket socket) throws IOException {
        return client(socket, socket);
    }

    /**
     * Takes over a socket with TLS, as client.
     *
     * @param below the connection that the TLS runs on
     */
    public static RawWebSocketPeer client(Socket socket, Socket below) throws IOException {
        return new RawWebSocketPeer(socket, below, true);
    }

    /** Takes over an accepted socket, as server. */
    public static RawWebSocketPeer accept(Socket socket) throws IOException {
        return accept(socket, socket);
    }

    /**
     * Takes over a socket with TLS, as server.
     *
     * @param below the connection that the TLS runs on
     */
    public static RawWebSocketPeer accept(Socket socket, Socket below) throws IOException {
        return new RawWebSocketPeer(socket, below, false);
    }

    /** Sets how long a read or a write may take, in milliseconds; 0 means for ever. */
    public void setTimeoutMillis(int millis) throws IOException {
        socket.setSoTimeout(millis);
        timeoutMillis = millis;
    }

    /** Returns the socket. */
    public Socket socket() {
        return socket;
    }

    /** Returns the bytes received; do not read from the socket's own stream. */
    public InputStream input() {
        return in;
    }

    /**
     * Sends a request and, in the same write, whatever should arrive together with it; reads the response head. Nothing
     * is checked.
     */
    public RawResponse handshake(RawHandshake request, byte[]... behind) throws IOException {
        send(request.bytes(), Bytes.concat(behind));
        return readResponseHead();
    }

    /** Upgrades, or fails. */
    public RawResponse upgrade(String target) throws IOException {
        return upgrade(RawHandshake.to(target));
    }

    /**
     * As {@link #handshake(RawHandshake, byte[]...)}, but fails unless the answer is a right 101.
     *
     * @throws AssertionError if it is not
     */
    public RawResponse upgrade(RawHandshake request, byte[]... behind) throws IOException {
        RawResponse response = handshake(request, behind);
        boolean right = response.status() == 101
                && "websocket".equalsIgnoreCase(response.header("Upgrade"))
                && "upgrade".equalsIgnoreCase(response.header("Connection"))
                && response.all("Sec-WebSocket-Accept").equals(List.of(RawHandshake.acceptFor(request.key())));
        if (!right) {
            throw new AssertionError("Expected an upgrade but was:\n" + response.head());
        }
        return response;
    }

    /** Reads the head of a response. */
    public RawResponse readResponseHead() throws IOException {
        return RawResponse.read(in);
    }

    /** Reads the body behind a head: in chunks, by its length, or to the end of the stream. */
    public String readBody(RawResponse response) throws IOException {
        return Bytes.utf8(response.readBody(in));
    }

    /** Reads the head of a request; null if the connection ended before it. */
    public RawRequest readRequestHead() throws IOException {
        return RawRequest.read(in);
    }

    /** Reads a request and answers it with a right 101. */
    public RawRequest acceptUpgrade() throws IOException {
        RawRequest request = readRequestHead();
        if (request == null) {
            throw new EOFException("the connection ended without a request");
        }
        acceptUpgrade(request, List.of());
        return request;
    }

    /**
     * Answers a request with a right 101.
     *
     * @param headerLines further header lines, without line ends
     * @param behind bytes, such as frames, for the same write
     */
    public void acceptUpgrade(RawRequest request, List<String> headerLines, byte[]... behind) throws IOException {
        StringBuilder head = new StringBuilder("HTTP/1.1 101 Switching Protocols\r\n")
                .append("Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ")
                .append(RawHandshake.acceptFor(request.header("Sec-WebSocket-Key")))
                .append("\r\n");
        headerLines.forEach(line -> head.append(line).append("\r\n"));
        respond(head.append("\r\n").toString(), behind);
    }

    /** Sends a response of exactly this text (ISO 8859-1), and further bytes in the same write. */
    public void respond(String text, byte[]... behind) throws IOException {
        send(text.getBytes(StandardCharsets.ISO_8859_1), Bytes.concat(behind));
    }

    /** Sends bytes as they are, all in one write. */
    public void send(byte[]... parts) throws IOException {
        WriteDeadline.write(socket, parts.length == 1 ? parts[0] : Bytes.concat(parts), timeoutMillis);
    }

    /** Sends frames as they are, all in one write: a client's are masked only if they were made so. */
    public void send(FrameBytes... frames) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (FrameBytes frame : frames) {
            bytes.writeBytes(frame.bytes());
        }
        send(bytes.toByteArray());
    }

    /** Starts a frame as this end has to send it: masked with a random key by the client, not by the server. */
    public FrameBytes frame(int opcode, byte... payload) {
        FrameBytes frame = FrameBytes.of(opcode, payload);
        return client ? frame.masked() : frame;
    }

    /** Sends a binary message in one frame. */
    public void sendBinary(byte... payload) throws IOException {
        send(frame(FrameBytes.BINARY, payload));
    }

    /** Sends a text message in one frame. */
    public void sendText(String text) throws IOException {
        send(frame(FrameBytes.TEXT, Bytes.utf8(text)));
    }

    /** Sends a ping. */
    public void sendPing(byte... payload) throws IOException {
        send(frame(FrameBytes.PING, payload));
    }

    /** Sends a pong. */
    public void sendPong(byte... payload) throws IOException {
        send(frame(FrameBytes.PONG, payload));
    }

    /** Sends a Close frame; neither code nor reason need be legal. */
    public void sendClose(int code, String reason) throws IOException {
        FrameBytes close = FrameBytes.close(code, reason);
        send(client ? close.masked() : close);
    }

    /**
     * Reads the next frame of any kind.
     *
     * @return null if the connection ended in front of it
     * @throws IOException if it was reset, ended inside the frame, or nothing came in time
     */
    public RawFrame readFrame() throws IOException {
        return RawFrame.read(in);
    }

    /**
     * Reads the next frame, which must have this opcode.
     *
     * @throws AssertionError if it has another, or the connection ended
     */
    public RawFrame expectFrame(int opcode) throws IOException {
        RawFrame frame = readFrame();
        if (frame == null || frame.opcode() != opcode) {
            throw new AssertionError("Expected opcode " + opcode + " but was " + (frame == null ? "the end" : frame));
        }
        return frame;
    }

    /** Reads an empty text message, which announces half-close (F9) or is the end of a direction. */
    public void expectEmptyText() throws IOException {
        RawFrame text = expectFrame(FrameBytes.TEXT);
        if (!text.fin() || text.payload().length > 0) {
            throw new AssertionError("Expected an empty text message but was " + text);
        }
    }

    /**
     * Reads this many bytes of the stream: the payload of binary messages and their continuations. Other messages,
     * pings and pongs are skipped, unanswered. What a frame brings beyond that is kept for the next call.
     *
     * @throws AssertionError if a Close frame or the end came before
     */
    public byte[] readBinary(int count) throws IOException {
        return collector.read(count);
    }

    /**
     * Skips pings, pongs, text and empty frames until the Close frame, and checks its code.
     *
     * @param code the code; {@link RawFrame#NO_CODE} for none
     * @throws AssertionError if it has another, if further stream bytes came, or if the connection ended without it
     */
    public RawFrame expectClose(int code) throws IOException {
        RawFrame close = collector.readClose();
        if (close.closeCode() != code) {
            throw new AssertionError("Expected Close " + code + " but was " + close);
        }
        return close;
    }

    /**
     * Checks that nothing follows but the end of the connection.
     *
     * @throws AssertionError if a byte came, or a reset
     */
    public void expectEof() throws IOException {
        try {
            int next = in.read();
            if (next >= 0) {
                throw new AssertionError("Expected the end but was byte 0x" + Integer.toHexString(next));
            }
        } catch (SocketException e) {
            throw new AssertionError("Expected the end but was " + e, e);
        }
    }

    /**
     * Reads until the connection is reset.
     *
     * @throws AssertionError if it ended without a reset
     */
    public void expectReset() throws IOException {
        try {
            in.transferTo(ByteArrayOutputStream.nullOutputStream());
        } catch (SocketException e) {
            return;
        }
        throw new AssertionError("Expected a reset but was a clean end");
    }

    /** Ends the output and keeps the input open; with TLS by a close_notify and a FIN. */
    public void shutdownOutput() throws IOException {
        socket.shutdownOutput();
    }

    /** Ends the output of the connection below TLS, without a close_notify. */
    public void shutdownOutputBelowTls() throws IOException {
        below.shutdownOutput();
    }

    /** Cuts the connection with a TCP reset. */
    public void reset() {
        Sockets.reset(below);
    }

    /** Closes the connection without a Close frame. */
    @Override
    public void close() {
        // Not by way of TLS, where a close waits for the far end's.
        Sockets.closeQuietly(below);
    }
}
