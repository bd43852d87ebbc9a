package io.v2ws.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.v2ws.WebSocketEngine;
import io.v2ws.WebSocketStream;
import io.v2ws.testing.Background;
import io.v2ws.testing.Bytes;
import io.v2ws.testing.FrameBytes;
import io.v2ws.testing.JettyEngines;
import io.v2ws.testing.LeakCheck;
import io.v2ws.testing.RawFrame;
import io.v2ws.testing.RawHandshake;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.eclipse.jetty.io.Content;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Early data on the wire, in every place where it may travel. */
@Timeout(30)
@ExtendWith(LeakCheck.class)
class EarlyDataTest {
    @RegisterExtension
    final ClientFixture fixture = new ClientFixture();

    @ParameterizedTest
    @EnumSource
    void c2_connectReturnsAtOnceAndTheFirstWriteSendsTheUpgrade(EarlyDataMode mode) throws Exception {
        PeerServer server = fixture.server();
        CompletableFuture<WebSocketStream> connecting =
                fixture.client(server, mode.options(2048)).connect();
        assertThat(connecting).isCompleted();
        server.expectNoConnection();

        CompletableFuture<Void> written = Streams.startWrite(connecting.join(), Bytes.utf8("hello"));
        PeerServer.Tunnel tunnel = server.acceptRequest();
        assertThat(mode.bytes(tunnel.request())).isEqualTo(Bytes.utf8("hello"));
        assertThat(written).isNotDone();

        tunnel.peer().acceptUpgrade(tunnel.request(), List.of());
        Streams.get(written);
        tunnel.peer().sendBinary(Bytes.utf8("answer"));
        assertThat(Streams.read(connecting.join(), 6)).isEqualTo(Bytes.utf8("answer"));
        assertThat(connecting.join().bytesOut()).isEqualTo(5);
        assertThat(connecting.join().bytesIn()).isEqualTo(6);
    }

    static Stream<Arguments> splits() {
        List<Arguments> all = new ArrayList<>();
        for (EarlyDataMode mode : EarlyDataMode.values()) {
            for (int max : new int[] {1, 2, 3, 2048, 6000}) {
                for (int length : new int[] {max - 1, max, max + 1, max + 70_000}) {
                    all.add(Arguments.of(mode, max, length));
                }
            }
        }
        return all.stream().filter(arguments -> (int) arguments.get()[2] > 0);
    }

    @ParameterizedTest(name = "{0}, max_early_data {1}, first write of {2}")
    @MethodSource("splits")
    void c3_firstWriteIsSplitAtMaxEarlyData(EarlyDataMode mode, int max, int length) throws Exception {
        PeerServer server = fixture.server();
        WebSocketStream stream =
                fixture.client(server, mode.options(max)).connect().join();
        byte[] bytes = Bytes.random(max, length);
        CompletableFuture<Void> written = Streams.startWrite(stream, bytes);
        PeerServer.Tunnel tunnel = server.acceptUpgrade();
        Streams.get(written);
        Streams.write(stream, Bytes.utf8("second"));

        int early = Math.min(max, length);
        assertThat(mode.bytes(tunnel.request())).isEqualTo(Arrays.copyOf(bytes, early));
        byte[] rest = Arrays.copyOfRange(bytes, early, length);
        assertThat(tunnel.peer().readBinary(length - early)).isEqualTo(rest);
        // Not a byte twice and no empty frame in between: the second write is the very next frame.
        RawFrame next = tunnel.peer().readFrame();
        assertThat(next.opcode()).isEqualTo(FrameBytes.BINARY);
        assertThat(next.text()).isEqualTo("second");
        assertThat(stream.bytesOut()).isEqualTo(length + 6);
    }

    @ParameterizedTest
    @EnumSource
    void c3_restOfTheFirstWriteIsTheFirstFrame(EarlyDataMode mode) throws Exception {
        PeerServer server = fixture.server();
        WebSocketStream stream = fixture.client(server, mode.options(10).halfClose(false))
                .connect()
                .join();
        CompletableFuture<Void> written = Streams.startWrite(stream, Bytes.utf8("0123456789rest"));
        PeerServer.Tunnel tunnel = server.acceptUpgrade();
        Streams.get(written);
        assertThat(tunnel.peer().expectFrame(FrameBytes.BINARY).text()).isEqualTo("rest");
    }

    static Stream<ByteBuffer> buffers() {
        ByteBuffer inside = ByteBuffer.wrap(Bytes.utf8("xx0123456789yy"), 2, 10);
        ByteBuffer direct =
                ByteBuffer.allocateDirect(10).put(Bytes.utf8("0123456789")).flip();
        return Stream.of(
                inside,
                direct,
                inside.asReadOnlyBuffer(),
                inside.slice().order(ByteOrder.LITTLE_ENDIAN),
                direct.slice().order(ByteOrder.LITTLE_ENDIAN));
    }

    @ParameterizedTest
    @MethodSource("buffers")
    void c3_everyKindOfBufferIsSplitRight(ByteBuffer buffer) throws Exception {
        PeerServer server = fixture.server();
        WebSocketStream stream =
                fixture.client(server, EarlyDataMode.PATH.options(3)).connect().join();
        CompletableFuture<Void> written = Streams.startWrite(stream, false, buffer);
        PeerServer.Tunnel tunnel = server.acceptUpgrade();
        Streams.get(written);
        assertThat(EarlyDataMode.PATH.bytes(tunnel.request())).isEqualTo(Bytes.utf8("012"));
        assertThat(tunnel.peer().readBinary(7)).isEqualTo(Bytes.utf8("3456789"));
        assertThat(buffer.hasRemaining()).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void c4_emptyFirstWriteUpgradesWithoutEarlyData(EarlyDataMode mode) throws Exception {
        PeerServer server = fixture.server();
        WebSocketStream stream =
                fixture.client(server, mode.options(2048)).connect().join();
        CompletableFuture<Void> written = Streams.startWrite(stream);
        PeerServer.Tunnel tunnel = server.acceptUpgrade();
        Streams.get(written);
        assertThat(mode.text(tunnel.request())).isEqualTo(mode == EarlyDataMode.PATH ? "" : null);

        Streams.write(stream, Bytes.utf8("later"));
        assertThat(tunnel.peer().readBinary(5)).isEqualTo(Bytes.utf8("later"));
    }

    @Test
    void c5_readerBeforeTheFirstWriteIsReleasedByTheWrite() throws Exception {
        PeerServer server = fixture.server();
        WebSocketStream stream = fixture.client(server, EarlyDataMode.PATH.options(2048))
                .connect()
                .join();
        assertThat(stream.read()).isNull();
        CompletableFuture<Void> demanded = Streams.demand(stream);
        server.expectNoConnection();
        assertThat(demanded).isNotDone();

        CompletableFuture<Void> written = Streams.startWrite(stream, Bytes.utf8("hello"));
        PeerServer.Tunnel tunnel = server.acceptUpgrade();
        Streams.get(written);
        assertThat(Streams.staysIncomplete(demanded, 100)).isTrue();
        tunnel.peer().sendBinary(Bytes.utf8("answer"));
        Streams.get(demanded);
        assertThat(Streams.read(stream, 6)).isEqualTo(Bytes.utf8("answer"));
    }

    @Test
    void c5_readerIsReleasedByAFailedHandshakeWithTheSameCause() throws Exception {
        PeerServer server = fixture.server();
        WebSocketStream stream = fixture.client(server, EarlyDataMode.PATH.options(2048))
                .connect()
                .join();
        CompletableFuture<Void> demanded = Streams.demand(stream);
        CompletableFuture<Void> written = Streams.startWrite(stream, Bytes.utf8("hello"));
        CompletableFuture<Void> second = Streams.startWrite(stream, Bytes.utf8("world"));
        server.acceptRequest().peer().respond("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");

        Streams.get(demanded);
        Throwable cause = Streams.readFailure(stream);
        assertThat(cause).isInstanceOf(HandshakeException.class).hasMessageContaining("404");
        assertThat(Streams.failureOf(written)).isSameAs(cause);
        assertThat(Streams.failureOf(second)).isSameAs(cause);
        assertThat(Streams.failureOf(Streams.startWrite(stream, (byte) 1))).isSameAs(cause);
        assertThat(Streams.readFailure(stream)).isSameAs(cause);
        assertThat(Streams.get(stream.closed()).failure()).isSameAs(cause);
    }

    @Test
    void c5_blockedReaderIsReleasedByCloseAtOnce() throws Exception {
        PeerServer server = fixture.server();
        for (boolean connecting : new boolean[] {false, true}) {
            WebSocketStream stream = fixture.client(server, EarlyDataMode.PATH.options(2048))
                    .connect()
                    .join();
            CompletableFuture<Integer> reading = Background.supply(() -> {
                try {
                    return stream.asInputStream().read();
                } catch (IOException x) {
                    throw new java.io.UncheckedIOException(x);
                }
            });
            if (connecting) {
                Streams.startWrite(stream, Bytes.utf8("hello"));
                // Never answered: close must not wait for it.
                server.acceptRequest();
            }
            stream.close();
            assertThat(Streams.get(reading)).isEqualTo(-1);
        }
    }

    @Test
    void c6_closeBeforeTheFirstWriteMakesNoConnection() throws Exception {
        PeerServer server = fixture.server();
        WebSocketStream stream = fixture.client(server, EarlyDataMode.PATH.options(2048))
                .connect()
                .join();
        CompletableFuture<Void> waiting = Streams.demand(stream);
        stream.close();
        Streams.get(waiting);
        assertThat(stream.read()).isEqualTo(Content.Chunk.EOF);
        assertThat(Streams.failureOf(Streams.startWrite(stream, (byte) 1))).isInstanceOf(IOException.class);
        assertThat(Streams.get(stream.closed()).isClean()).isTrue();
        assertThat(stream.localAddress()).isNull();
        server.expectNoConnection();
    }

    @Test
    void closeWhileConnectingSendsWhatWasWrittenAndThenCloses() throws Exception {
        PeerServer server = fixture.server();
        WebSocketStream stream =
                fixture.client(server, EarlyDataMode.PATH.options(4)).connect().join();
        CompletableFuture<Void> first = Streams.startWrite(stream, Bytes.utf8("0123456"));
        CompletableFuture<Void> second = Streams.startWrite(stream, Bytes.utf8("789"));
        PeerServer.Tunnel tunnel = server.acceptRequest();
        stream.close();
        tunnel.peer().acceptUpgrade(tunnel.request(), List.of());
        Streams.get(first);
        Streams.get(second);
        assertThat(tunnel.peer().readBinary(6)).isEqualTo(Bytes.utf8("456789"));
        tunnel.peer().expectClose(1000);
        tunnel.peer().sendClose(1000, "");
        assertThat(Streams.get(stream.closed()).isClean()).isTrue();
        assertThat(Streams.get(stream.closed()).bytesOut()).isEqualTo(10);
    }

    @Test
    void abortWhileConnectingGivesTheConnectionUp() throws Exception {
        PeerServer server = fixture.server();
        WebSocketStream stream = fixture.client(server, EarlyDataMode.PATH.options(2048))
                .connect()
                .join();
        CompletableFuture<Void> written = Streams.startWrite(stream, Bytes.utf8("hello"));
        PeerServer.Tunnel tunnel = server.acceptRequest();
        IllegalStateException cause = new IllegalStateException("the user has left");
        stream.abort(cause);
        assertThat(Streams.failureOf(written)).isInstanceOf(IOException.class).hasRootCause(cause);
        assertThat(Streams.readFailure(stream)).hasRootCause(cause);
        assertThat(Streams.get(stream.closed()).failure()).hasRootCause(cause);
        assertThatThrownBy(() -> {
                    if (tunnel.peer().input().read() < 0) {
                        throw new IOException("the end");
                    }
                })
                .as("the end of the connection or a reset")
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(java.net.SocketTimeoutException.class);
    }

    @Test
    void c7_manyThreadsMakeOneHandshakeAndNoByteIsLostReorderedOrSentTwice() throws Exception {
        int threads = 32;
        int writes = 25;
        int length = 100;
        PeerServer server = fixture.server();
        WebSocketStream stream = fixture.client(server, EarlyDataMode.SUBPROTOCOL.options(60))
                .connect()
                .join();
        CountDownLatch start = new CountDownLatch(1);
        List<CompletableFuture<Void>> writers = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            int id = i;
            CompletableFuture<Void> done = new CompletableFuture<>();
            writers.add(done);
            Thread writer = new Thread(() -> {
                try {
                    start.await();
                    for (int n = 0; n < writes; n++) {
                        Streams.write(stream, record(id, n, length));
                    }
                    done.complete(null);
                } catch (Throwable x) {
                    done.completeExceptionally(x);
                }
            });
            writer.start();
        }
        start.countDown();
        PeerServer.Tunnel tunnel = server.acceptUpgrade();
        byte[] early = EarlyDataMode.SUBPROTOCOL.bytes(tunnel.request());
        assertThat(early).hasSize(60);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(early);
        all.writeBytes(tunnel.peer().readBinary(threads * writes * length - early.length));
        for (CompletableFuture<Void> writer : writers) {
            Streams.get(writer);
        }
        assertRecords(all.toByteArray(), threads, length);
        server.expectNoConnection();
    }

    private static byte[] record(int id, int number, int length) {
        byte[] record = new byte[length];
        Arrays.fill(record, (byte) (id ^ number));
        record[0] = (byte) id;
        record[1] = (byte) number;
        return record;
    }

    /** Every write in one piece, those of one thread in their order. */
    private static void assertRecords(byte[] bytes, int threads, int length) {
        int[] next = new int[threads];
        for (int from = 0; from < bytes.length; from += length) {
            int id = bytes[from];
            assertThat(id).isBetween(0, threads - 1);
            assertThat(Arrays.copyOfRange(bytes, from, from + length)).isEqualTo(record(id, next[id]++, length));
        }
    }

    @Test
    void c14_framesInTheSegmentOfThe101AreAllDeliveredWithEarlyDataToo() throws Exception {
        PeerServer server = fixture.server();
        WebSocketStream stream = fixture.client(server, EarlyDataMode.PATH.options(2048))
                .connect()
                .join();
        Streams.startWrite(stream, Bytes.utf8("hello"));
        PeerServer.Tunnel tunnel = server.acceptRequest();
        byte[] bytes = Bytes.random(3, 60_000);
        tunnel.peer()
                .acceptUpgrade(
                        tunnel.request(),
                        List.of(),
                        FrameBytes.binary(bytes).bytes(),
                        FrameBytes.close(1000, "").bytes());
        assertThat(stream.asInputStream().readAllBytes()).isEqualTo(bytes);
    }

    @Test
    void echoedSubprotocolIsTakenAsTheAnswerItIs() throws Exception {
        PeerServer server = fixture.server();
        WebSocketStream stream = fixture.client(server, EarlyDataMode.SUBPROTOCOL.options(8192))
                .connect()
                .join();
        byte[] bytes = Bytes.random(5, 8192);
        CompletableFuture<Void> written = Streams.startWrite(stream, bytes);
        PeerServer.Tunnel tunnel = server.acceptRequest();
        String value = EarlyDataMode.SUBPROTOCOL.text(tunnel.request());
        tunnel.peer().acceptUpgrade(tunnel.request(), List.of("Sec-WebSocket-Protocol: " + value));
        Streams.get(written);
        tunnel.peer().sendBinary((byte) 7);
        assertThat(Streams.read(stream, 1)).containsExactly(7);
    }

    @Test
    void c17_subprotocolHeaderGivesWayToEarlyDataAndStaysWithout() throws Exception {
        PeerServer server = fixture.server();
        WebSocketTransportClient client = fixture.client(
                server, EarlyDataMode.SUBPROTOCOL.options(2048).header("sec-websocket-protocol", "chat"));
        for (String first : List.of("", "hello", "")) {
            WebSocketStream stream = client.connect().join();
            CompletableFuture<Void> written = Streams.startWrite(stream, Bytes.utf8(first));
            PeerServer.Tunnel tunnel = server.acceptUpgrade();
            assertThat(tunnel.request().all("Sec-WebSocket-Protocol"))
                    .containsExactly(first.isEmpty() ? "chat" : "aGVsbG8");
            Streams.get(written);
        }
    }

    @ParameterizedTest
    @JettyEngines
    void c25_aServerThatConfirmsNothingGetsItsTunnelAndTheListenerIsTold(WebSocketEngine engine) throws Exception {
        for (List<String> headers :
                List.of(List.<String>of(), List.of("X-Request-Id: 00112233445566778899aabbccddeeff"))) {
            PeerServer server = fixture.server();
            List<EarlyDataAnswer> told = new CopyOnWriteArrayList<>();
            WebSocketStream stream = fixture.keep(fixture.builder(server.url())
                            .engine(engine)
                            .handshakeListener(listener(told))
                            .options(EarlyDataMode.PATH.options(16).build())
                            .build())
                    .connect()
                    .join();
            CompletableFuture<Void> written = Streams.startWrite(stream, Bytes.utf8("hello"));
            PeerServer.Tunnel tunnel = server.acceptRequest();
            tunnel.peer().acceptUpgrade(tunnel.request(), headers);
            Streams.get(written);
            assertThat(told).containsExactly(EarlyDataAnswer.UNKNOWN);
        }
    }

    @ParameterizedTest
    @JettyEngines
    void c25_aProxyThatRemovedTheEarlyDataIsNamed(WebSocketEngine engine) throws Exception {
        for (EarlyDataMode mode : List.of(EarlyDataMode.PATH, EarlyDataMode.SUBPROTOCOL)) {
            PeerServer server = fixture.server();
            WebSocketStream stream = fixture.keep(fixture.builder(server.url())
                            .engine(engine)
                            .options(mode.options(16).build())
                            .build())
                    .connect()
                    .join();
            CompletableFuture<Void> written = Streams.startWrite(stream, Bytes.utf8("hello"));
            PeerServer.Tunnel tunnel = server.acceptRequest();
            String receipt = RawHandshake.earlyDataReceipt(
                    tunnel.request().header("Sec-WebSocket-Key"), mode == EarlyDataMode.PATH ? 1 : 2, new byte[0]);
            tunnel.peer().acceptUpgrade(tunnel.request(), List.of("X-Request-Id: " + receipt));
            assertThatThrownBy(() -> Streams.get(written))
                    .isInstanceOf(HandshakeException.class)
                    .hasMessageContaining("the server did not take the early data")
                    .hasMessageContaining("a proxy on the way removed it");
        }
    }

    private static HandshakeListener listener(List<EarlyDataAnswer> told) {
        return new HandshakeListener() {
            @Override
            public void onEarlyData(EarlyDataAnswer answer) {
                told.add(answer);
            }
        };
    }
}
