package io.v2ws.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.v2ws.testing.Bytes;
import io.v2ws.testing.LeakCheck;
import io.v2ws.testing.RawWebSocketPeer;
import io.v2ws.testing.SocketServer;
import io.v2ws.testing.peers.Link;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;

/**
 * Clients that end the connection unless the server chose one of the subprotocols they offered. Early data in
 * {@code Sec-WebSocket-Protocol} is such an offer to them.
 */
@Timeout(60)
@ExtendWith({LeakCheck.class, InteropReport.class})
abstract class SubprotocolConversations implements InteropReport.Reported {
    private static final byte[] EARLY = Bytes.random(1, 2048);
    private static final String OFFER = Base64.getUrlEncoder().withoutPadding().encodeToString(EARLY);
    private static final String LATE = "and then the rest";

    private static Workspace workspace;
    private static Program server;

    @Parameter
    EchoCase echo;

    /**
     * What a client saw.
     *
     * @param protocol the subprotocol it believes was chosen
     * @param received all bytes until as many had come as were sent, in base64; empty if it failed
     * @param error why it failed; empty if it did not
     */
    record Seen(String protocol, String received, String error) {
        /** Takes the three apart that a client joined with spaces. */
        static Seen parse(String line) {
            String[] parts = line.stripTrailing().split(" ", 3);
            return new Seen(parts[0], parts[1], parts.length > 2 ? parts[2] : "");
        }
    }

    abstract String peer();

    /**
     * Lets the client connect, offer a subprotocol, send a text as binary message, and read.
     *
     * @param expected how many bytes to read
     */
    abstract Seen connect(String url, String offer, String message, int expected) throws Exception;

    static void start(EchoCase echo, String peer, String version) throws Exception {
        InteropReport.starts(echo.row(peer), version);
        workspace = Workspace.of(peer + " " + echo);
        server = V2ws.serveEcho(workspace, echo.engine(), echo.link());
    }

    @AfterParameterizedClassInvocation
    static void stop() throws Exception {
        try (Workspace ended = workspace) {
            if (server != null) {
                server.close();
            }
            server = null;
        }
    }

    @Override
    public Row row() {
        return echo.row(peer());
    }

    @Override
    public Workspace workspace() {
        return workspace;
    }

    @Test
    void s7_theEchoedSubprotocolSatisfiesTheClient() throws Exception {
        Seen seen = connect(echo.link().url(server.port()), OFFER, LATE, EARLY.length + LATE.length());
        assertThat(seen.error()).isEmpty();
        assertThat(seen.protocol()).isEqualTo(OFFER);
        assertThat(Base64.getDecoder().decode(seen.received())).isEqualTo(Bytes.concat(EARLY, Bytes.utf8(LATE)));
    }

    /** So that the other test cannot pass with a client that does not mind. */
    @Test
    void withoutTheEchoTheClientGivesUp() throws Exception {
        try (SocketServer reference = new SocketServer("no-echo", socket -> {
            RawWebSocketPeer raw = RawWebSocketPeer.accept(socket);
            raw.acceptUpgrade();
            raw.readFrame();
        })) {
            Seen seen = connect("ws://127.0.0.1:" + reference.port() + Link.PATH, OFFER, LATE, 1);
            assertThat(seen.received()).isEmpty();
            assertThat(seen.error()).isNotEmpty();
        }
    }
}
