package io.v2ws.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.v2ws.WebSocketCloseException;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.client.socket.TunnelSocketFactory;
import io.v2ws.testing.Bytes;
import io.v2ws.testing.ClosedPort;
import io.v2ws.testing.LeakCheck;
import io.v2ws.testing.RawWebSocketPeer;
import io.v2ws.testing.SocketServer;
import java.io.IOException;
import java.net.Socket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a caller catches who closes everything by try-with-resources, as the README shows. */
@ExtendWith(LeakCheck.class)
class TryWithResourcesTest {
    private static WebSocketTransportClient client(int port, int maxEarlyData) throws IOException {
        return WebSocketTransportClient.builder("ws://127.0.0.1:" + port + "/tunnel")
                .options(WebSocketTransportOptions.builder()
                        .maxEarlyData(maxEarlyData)
                        .build())
                .build();
    }

    /** The client of the README. */
    private static byte[] ask(WebSocketTransportClient client) throws Exception {
        try (var stream = client.connect().get();
                var out = stream.asOutputStream();
                var in = stream.asInputStream()) {
            out.write(Bytes.utf8("request"));
            out.close();
            return in.readAllBytes();
        }
    }

    private static byte[] askBySocket(WebSocketTransportClient client) throws Exception {
        try (Socket socket = new TunnelSocketFactory(client).createSocket("service", 1);
                var out = socket.getOutputStream();
                var in = socket.getInputStream()) {
            out.write(Bytes.utf8("request"));
            out.flush();
            return in.readAllBytes();
        }
    }

    private static SocketServer answering(String answer) throws IOException {
        return new SocketServer("answering", socket -> {
            RawWebSocketPeer peer = RawWebSocketPeer.accept(socket);
            peer.readRequestHead();
            peer.respond(answer);
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {404, 400, 503})
    void aRefusalIsCaughtAsWhatItIs(int status) throws Exception {
        try (SocketServer server = answering("HTTP/1.1 " + status + " No\r\nContent-Length: 0\r\n\r\n");
                WebSocketTransportClient client = client(server.port(), 2_048)) {
            for (Throwable failure :
                    new Throwable[] {catchThrowable(() -> ask(client)), catchThrowable(() -> askBySocket(client))}) {
                assertThat(failure)
                        .isInstanceOfSatisfying(
                                HandshakeException.class,
                                refusal -> assertThat(refusal.status()).isEqualTo(status))
                        .hasNoSuppressedExceptions();
            }
        }
    }

    @Test
    void aConnectionThatIsRefusedIsAnIoException() throws Exception {
        try (ClosedPort nobody = new ClosedPort();
                WebSocketTransportClient client = client(nobody.port(), 2_048)) {
            for (Throwable failure :
                    new Throwable[] {catchThrowable(() -> ask(client)), catchThrowable(() -> askBySocket(client))}) {
                assertThat(failure).isInstanceOf(IOException.class).hasNoSuppressedExceptions();
                assertThat(failure).hasMessageContaining("refused");
            }
        }
    }

    @Test
    void anErrorCodeOfThePeerIsCaughtAsWhatItIs() throws Exception {
        try (SocketServer server = new SocketServer("closing", socket -> {
                    RawWebSocketPeer peer = RawWebSocketPeer.accept(socket);
                    peer.acceptUpgrade();
                    peer.sendClose(1011, "out of order");
                    peer.readFrame();
                });
                WebSocketTransportClient client = client(server.port(), 0)) {
            Throwable failure = catchThrowable(() -> {
                try (var stream = client.connect().get();
                        var out = stream.asOutputStream();
                        var in = stream.asInputStream()) {
                    in.readAllBytes();
                    out.write(1);
                }
            });
            assertThat(failure)
                    .isInstanceOfSatisfying(
                            WebSocketCloseException.class,
                            close -> assertThat(close.code()).isEqualTo(1011))
                    .hasNoSuppressedExceptions();
        }
    }

    @Test
    void twoCallsThatFailForOneReasonThrowTwoExceptions() throws Exception {
        try (SocketServer server = answering("HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n");
                WebSocketTransportClient client = client(server.port(), 2_048);
                var stream = client.connect().get()) {
            var out = stream.asOutputStream();
            var in = stream.asInputStream();
            Throwable first = catchThrowable(() -> out.write(1));
            Throwable second = catchThrowable(() -> out.write(1));
            Throwable third = catchThrowable(in::read);
            assertThat(first)
                    .isInstanceOf(HandshakeException.class)
                    .isNotSameAs(second)
                    .isNotSameAs(third);
            assertThat(second).isInstanceOf(HandshakeException.class).isNotSameAs(third);
            assertThat(third).isInstanceOf(HandshakeException.class);
            out.close();
            in.close();
        }
    }
}
