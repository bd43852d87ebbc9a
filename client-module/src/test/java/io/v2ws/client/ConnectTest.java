package io.v2ws.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.v2ws.WebSocketEngine;
import io.v2ws.WebSocketStream;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.testing.Bytes;
import io.v2ws.testing.FrameBytes;
import io.v2ws.testing.JettyEngines;
import io.v2ws.testing.LeakCheck;
import io.v2ws.testing.RawHandshake;
import io.v2ws.testing.RawRequest;
import io.v2ws.testing.RawWebSocketPeer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;

/** The upgrade request without early data, and what comes right behind it. */
@Timeout(30)
@ExtendWith(LeakCheck.class)
class ConnectTest {
    @RegisterExtension
    final ClientFixture fixture = new ClientFixture();

    @Test
    void c1_connectCompletesWhenTheUpgradeHas() throws Exception {
        PeerServer server = fixture.server();
        CompletableFuture<WebSocketStream> connecting =
                fixture.client(server, ClientFixture.options()).connect();
        PeerServer.Tunnel tunnel = server.acceptRequest();
        assertThat(connecting).isNotDone();

        tunnel.peer().acceptUpgrade(tunnel.request(), List.of());
        WebSocketStream stream = Streams.get(connecting);

        Streams.write(stream, Bytes.utf8("ping"));
        assertThat(tunnel.peer().readBinary(4)).isEqualTo(Bytes.utf8("ping"));
        tunnel.peer().sendBinary(Bytes.utf8("pong"));
        assertThat(Streams.read(stream, 4)).isEqualTo(Bytes.utf8("pong"));
        assertThat(stream.remoteAddress()).isEqualTo(server.address());
        assertThat(stream.localAddress()).isEqualTo(tunnel.peer().socket().getRemoteSocketAddress());
    }

    @Test
    void c1_whoeverWaitsForATunnelMayBlockWithoutHoldingUpOthers() throws Exception {
        PeerServer server = fixture.server();
        WebSocketTransportClient client = fixture.client(server, ClientFixture.options());
        CompletableFuture<Void> released = new CompletableFuture<>();
        CompletableFuture<Void> blocked = new CompletableFuture<>();
        CompletableFuture<?> blocking = client.connect().thenAccept(stream -> {
            blocked.complete(null);
            released.join();
        });
        server.acceptUpgrade();
        Streams.get(blocked);

        CompletableFuture<WebSocketStream> second = client.connect();
        server.acceptUpgrade();
        Streams.get(second);

        assertThat(blocking).isNotDone();
        released.complete(null);
        Streams.get(blocking);
    }

    @Test
    void c1_headerModeWithoutEarlyDataUpgradesAtOnceAndSendsNoSuchHeader() throws Exception {
        PeerServer server = fixture.server();
        CompletableFuture<WebSocketStream> connecting = fixture.client(
                        server, ClientFixture.options().earlyDataHeaderName("X-Early-Data"))
                .connect();
        PeerServer.Tunnel tunnel = server.acceptUpgrade();
        Streams.get(connecting);
        assertThat(tunnel.request().all("X-Early-Data")).isEmpty();
    }

    @Test
    void theRequestIsTheOneOfGoAndNothingElse() throws Exception {
        PeerServer server = fixture.server();
        RawRequest request = firstRequest(server, ClientFixture.options());
        String key = request.header("Sec-WebSocket-Key");

        assertThat(request.head().lines().filter(line -> !line.isEmpty()))
                .containsExactlyInAnyOrder(
                        "GET /tunnel HTTP/1.1",
                        "Host: " + server.authority(),
                        "User-Agent: Go-http-client/1.1",
                        "Connection: Upgrade",
                        "Upgrade: websocket",
                        "Sec-WebSocket-Version: 13",
                        "Sec-WebSocket-Key: " + key);
        assertThat(Base64.getDecoder().decode(key)).hasSize(16);
    }

    @Test
    void theKeyOfEveryRequestIsAnother() throws Exception {
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            keys.add(firstRequest(fixture.server(), ClientFixture.options()).header("Sec-WebSocket-Key"));
        }
        assertThat(keys).doesNotHaveDuplicates();
    }

    @Test
    void cookiesOfOneAnswerAreNotSentWithTheNextRequest() throws Exception {
        PeerServer server = fixture.server();
        WebSocketTransportClient client = fixture.client(server, ClientFixture.options());
        CompletableFuture<WebSocketStream> first = client.connect();
        PeerServer.Tunnel tunnel = server.acceptRequest();
        tunnel.peer().acceptUpgrade(tunnel.request(), List.of("Set-Cookie: __cf_bm=tracked; Path=/"));
        Streams.get(first);

        CompletableFuture<WebSocketStream> second = client.connect();
        assertThat(server.acceptUpgrade().request().all("Cookie")).isEmpty();
        Streams.get(second);
    }

    @Test
    void headersOfTheOptionsAreSentAsTheyAre() throws Exception {
        RawRequest request = firstRequest(
                fixture.server(),
                ClientFixture.options()
                        .header("X-Two", List.of("one", "two, three"))
                        .header("Authorization", "Basic dTpw")
                        .header("x-oDD", "case")
                        .header("Cookie", "a=b")
                        .header("Cache-Control", "max-age=0"));
        assertThat(request.all("X-Two")).containsExactly("one", "two, three");
        assertThat(request.head()).contains("\r\nAuthorization: Basic dTpw\r\n", "\r\nx-oDD: case\r\n");
        assertThat(request.all("Cookie")).containsExactly("a=b");
        assertThat(request.all("Cache-Control")).containsExactly("max-age=0");
    }

    @Test
    void c10_userAgentIsTheOneOfGoUnlessSet() throws Exception {
        assertThat(firstRequest(fixture.server(), ClientFixture.options()).all("User-Agent"))
                .containsExactly("Go-http-client/1.1");
        assertThat(firstRequest(fixture.server(), ClientFixture.options().header("user-agent", "Mozilla/5.0"))
                        .all("User-Agent"))
                .containsExactly("Mozilla/5.0");
    }

    @Test
    void c14_framesInTheSegmentOfThe101AreAllDelivered() throws Exception {
        PeerServer server = fixture.server();
        CompletableFuture<WebSocketStream> connecting =
                fixture.client(server, ClientFixture.options()).connect();
        PeerServer.Tunnel tunnel = server.acceptRequest();
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        byte[] bytes = Bytes.random(14, 8_000);
        for (int from = 0; from < bytes.length; from += 100) {
            frames.writeBytes(FrameBytes.binary(Arrays.copyOfRange(bytes, from, from + 100))
                    .bytes());
        }
        frames.writeBytes(FrameBytes.close(1000, "").bytes());
        tunnel.peer().acceptUpgrade(tunnel.request(), List.of(), frames.toByteArray());

        WebSocketStream stream = Streams.get(connecting);
        assertThat(stream.asInputStream().readAllBytes()).isEqualTo(bytes);
        assertThat(Streams.get(stream.closed()).isClean()).isTrue();
    }

    @ParameterizedTest
    @JettyEngines
    void f5_aFinBehindFramesInTheSegmentOfThe101IsInOrderOrNotAsTheyAreWhole(WebSocketEngine engine) throws Exception {
        byte[] frame = FrameBytes.binary(Bytes.random(16, 300)).bytes();
        for (int length : new int[] {frame.length, frame.length - 1}) {
            PeerServer server = fixture.server();
            CompletableFuture<WebSocketStream> connecting = fixture.keep(fixture.builder(server.url())
                            .engine(engine)
                            .options(ClientFixture.options().build())
                            .build())
                    .connect();
            PeerServer.Tunnel tunnel = server.acceptRequest();
            tunnel.peer().acceptUpgrade(tunnel.request(), List.of(), Arrays.copyOf(frame, length));
            tunnel.peer().shutdownOutput();
            WebSocketStream stream = Streams.get(connecting);
            if (length == frame.length) {
                assertThat(stream.asInputStream().readAllBytes()).isEqualTo(Bytes.random(16, 300));
            } else {
                assertThatThrownBy(() -> stream.asInputStream().readAllBytes()).isInstanceOf(IOException.class);
            }
            stream.close();
        }
    }

    @Test
    void c14_framesBehindThe101SurviveAnyCut() throws Exception {
        byte[] bytes = Bytes.random(15, 200);
        for (int cut = -3; cut <= 12; cut++) {
            PeerServer server = fixture.server();
            CompletableFuture<WebSocketStream> connecting =
                    fixture.client(server, ClientFixture.options()).connect();
            PeerServer.Tunnel tunnel = server.acceptRequest();
            sendInTwoSegments(tunnel, FrameBytes.binary(bytes).bytes(), cut);
            assertThat(Streams.read(Streams.get(connecting), bytes.length)).isEqualTo(bytes);
        }
    }

    /** Cuts so many bytes behind the head (or, if negative, before its end). */
    private static void sendInTwoSegments(PeerServer.Tunnel tunnel, byte[] frame, int cut) throws Exception {
        byte[] head = ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        + "Sec-WebSocket-Accept: "
                        + io.v2ws.testing.RawHandshake.acceptFor(
                                tunnel.request().header("Sec-WebSocket-Key"))
                        + "\r\n\r\n")
                .getBytes(StandardCharsets.ISO_8859_1);
        byte[] all = Bytes.concat(head, frame);
        tunnel.peer().send(Arrays.copyOf(all, head.length + cut));
        tunnel.peer().send(Arrays.copyOfRange(all, head.length + cut, all.length));
    }

    @Test
    void c14_interimResponsesBeforeThe101AreSkipped() throws Exception {
        PeerServer server = fixture.server();
        CompletableFuture<WebSocketStream> connecting =
                fixture.client(server, ClientFixture.options()).connect();
        PeerServer.Tunnel tunnel = server.acceptRequest();
        tunnel.peer().respond("HTTP/1.1 103 Early Hints\r\nLink: </x>; rel=preload\r\n\r\n");
        tunnel.peer()
                .acceptUpgrade(
                        tunnel.request(),
                        List.of(),
                        FrameBytes.binary(Bytes.utf8("hello")).bytes());
        assertThat(Streams.read(Streams.get(connecting), 5)).isEqualTo(Bytes.utf8("hello"));
    }

    @Test
    void c17_subprotocolHeaderIsSentOnEveryConnection() throws Exception {
        PeerServer server = fixture.server();
        WebSocketTransportClient client =
                fixture.client(server, ClientFixture.options().header("Sec-WebSocket-Protocol", "chat, superchat"));
        for (int i = 0; i < 3; i++) {
            CompletableFuture<WebSocketStream> connecting = client.connect();
            PeerServer.Tunnel tunnel = server.acceptRequest();
            assertThat(tunnel.request().all("Sec-WebSocket-Protocol")).containsExactly("chat, superchat");
            tunnel.peer().acceptUpgrade(tunnel.request(), List.of("Sec-WebSocket-Protocol: superchat"));
            Streams.get(connecting);
        }
    }

    @Test
    void aTunnelAsksForNoExtension() throws Exception {
        RawRequest request = firstRequest(fixture.server(), ClientFixture.options());
        assertThat(request.all("Sec-WebSocket-Extensions")).isEmpty();
    }

    @ParameterizedTest
    @JettyEngines
    void f9_theKeyAnnouncesHalfCloseUnlessItIsSwitchedOff(WebSocketEngine engine) throws Exception {
        PeerServer server = fixture.server();
        for (boolean halfClose : new boolean[] {true, false}) {
            List<String> keys = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                CompletableFuture<WebSocketStream> connecting = fixture.keep(fixture.builder(server.url())
                                .options(ClientFixture.options()
                                        .halfClose(halfClose)
                                        .build())
                                .engine(engine)
                                .build())
                        .connect();
                keys.addAll(server.acceptUpgrade().request().all("Sec-WebSocket-Key"));
                Streams.get(connecting);
            }
            assertThat(keys).hasSize(2).doesNotHaveDuplicates();
            assertThat(keys).allMatch(key -> RawHandshake.announcesHalfClose(key) == halfClose);
        }
    }

    @Test
    void closingTheClientEndsItsTunnels() throws Exception {
        PeerServer server = fixture.server();
        WebSocketTransportClient client = fixture.client(server, ClientFixture.options());
        CompletableFuture<WebSocketStream> connecting = client.connect();
        RawWebSocketPeer peer = server.acceptUpgrade().peer();
        WebSocketStream stream = Streams.get(connecting);
        client.close();
        assertThat(Streams.get(stream.closed())).isNotNull();
        assertThatThrownBy(() -> Streams.write(stream, (byte) 1)).isInstanceOf(IOException.class);
        while (peer.input().read() >= 0) {
            // A Close frame may come or not; the end of the connection must.
        }
    }

    private RawRequest firstRequest(PeerServer server, WebSocketTransportOptions.Builder options) throws Exception {
        CompletableFuture<WebSocketStream> connecting =
                fixture.client(server, options).connect();
        RawRequest request = server.acceptUpgrade().request();
        Streams.get(connecting);
        return request;
    }

    @Test
    void aReaderThatAsksForAllThatCameIsNotLeftWaitingForMore() throws Exception {
        PeerServer server = fixture.server();
        CompletableFuture<WebSocketStream> connecting =
                fixture.client(server, ClientFixture.options()).connect();
        PeerServer.Tunnel tunnel = server.acceptUpgrade();
        tunnel.peer().sendBinary(Bytes.utf8("hello"));
        // readNBytes ends with a read of no bytes.
        assertThat(Streams.get(connecting).asInputStream().readNBytes(5)).isEqualTo(Bytes.utf8("hello"));
    }
}
