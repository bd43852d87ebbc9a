package io.v2ws.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.v2ws.HostAndPort;
import io.v2ws.WebSocketStream;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.testing.Background;
import io.v2ws.testing.Bytes;
import io.v2ws.testing.FrameBytes;
import io.v2ws.testing.RawWebSocketPeer;
import io.v2ws.testing.TestCertificates;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/** Clients with connections kept ready, and what a server sees of these. */
final class WarmFixture {
    /** Accepts a connection, and does its TLS handshake. */
    interface Accept {
        RawWebSocketPeer next() throws IOException;
    }

    private final ClientFixture fixture;

    WarmFixture(ClientFixture fixture) {
        this.fixture = fixture;
    }

    WebSocketTransportClient.Builder builder(PeerServer server, int count, WebSocketTransportOptions.Builder options) {
        return builder(server.port(), count, options);
    }

    WebSocketTransportClient.Builder builder(int port, int count, WebSocketTransportOptions.Builder options) {
        return fixture.builder("ws://127.0.0.1:" + port)
                .options(options.build())
                .preconnect(count);
    }

    WebSocketTransportClient.Builder tlsBuilder(int port, int count, WebSocketTransportOptions.Builder options)
            throws IOException {
        return fixture.builder("wss://localhost:" + port)
                .dial(new HostAndPort("127.0.0.1", port))
                .tls(TlsOptions.builder().caFile(TestCertificates.get().caPem()).build())
                .options(options.build())
                .preconnect(count);
    }

    WebSocketTransportClient client(PeerServer server, int count, WebSocketTransportOptions.Builder options)
            throws IOException {
        return fixture.keep(builder(server, count, options).build());
    }

    void awaitFit(WebSocketTransportClient client, int count) {
        await().until(() -> client.fitConnections() == count);
    }

    /** Waits for the request of a tunnel on any of these. */
    static PeerServer.Tunnel requestOnOneOf(List<RawWebSocketPeer> idle) throws Exception {
        CompletableFuture<PeerServer.Tunnel> first = new CompletableFuture<>();
        for (RawWebSocketPeer peer : idle) {
            Background.run(() -> {
                try {
                    first.complete(PeerServer.request(peer));
                } catch (IOException ended) {
                    // The test is over, or another has it.
                }
            });
        }
        return Streams.get(first);
    }

    /** Upgrades whatever comes, until the server is closed. */
    CompletableFuture<Void> upgradeEverything(PeerServer server) {
        return Background.run(() -> {
            while (true) {
                RawWebSocketPeer peer;
                try {
                    peer = server.accept();
                } catch (IOException closed) {
                    return;
                }
                Background.run(() -> {
                    try {
                        peer.acceptUpgrade();
                    } catch (IOException unused) {
                        // Stayed idle to the end.
                    }
                });
            }
        });
    }

    /** Waits for the next request, on this connection or one that comes. */
    PeerServer.Tunnel nextRequest(PeerServer server, RawWebSocketPeer here) throws Exception {
        Deque<RawWebSocketPeer> known = new ArrayDeque<>(List.of(here));
        return nextRequest(() -> known.isEmpty() ? server.accept() : known.pop());
    }

    PeerServer.Tunnel nextRequest(PeerServer server) throws Exception {
        return nextRequest(server::accept);
    }

    /** Waits for the next request, on whichever of the connections that come. */
    PeerServer.Tunnel nextRequest(Accept accept) throws Exception {
        CompletableFuture<PeerServer.Tunnel> first = new CompletableFuture<>();
        Background.run(() -> {
            while (!first.isDone()) {
                RawWebSocketPeer peer;
                try {
                    peer = accept.next();
                } catch (IOException closed) {
                    return;
                }
                Background.run(() -> {
                    try {
                        first.complete(PeerServer.request(peer));
                    } catch (IOException unused) {
                        // Stayed idle to the end.
                    }
                });
            }
        });
        return Streams.get(first);
    }

    /**
     * Reads one request from each connection and ends it without an answer; returns what came once the server is
     * closed.
     */
    CompletableFuture<List<String>> closeAfterEachRequest(PeerServer server) {
        List<String> requests = new CopyOnWriteArrayList<>();
        return Background.supply(() -> {
            List<CompletableFuture<Void>> readers = new ArrayList<>();
            try {
                while (true) {
                    RawWebSocketPeer peer = server.accept();
                    readers.add(Background.run(() -> {
                        try (peer) {
                            requests.add(PeerServer.request(peer).request().head());
                        } catch (IOException unused) {
                            // Stayed idle to the end.
                        }
                    }));
                }
            } catch (IOException closed) {
                readers.forEach(CompletableFuture::join);
                return requests;
            }
        });
    }

    /** A binary message, to be sent behind a 101. */
    static byte[] answer(RawWebSocketPeer peer, String text) {
        return peer.frame(FrameBytes.BINARY, Bytes.utf8(text)).bytes();
    }

    static void assertCarries(WebSocketStream stream, RawWebSocketPeer peer) throws Exception {
        Streams.write(stream, Bytes.utf8("there"));
        assertThat(peer.readBinary(5)).isEqualTo(Bytes.utf8("there"));
        peer.sendBinary(Bytes.utf8("back"));
        assertThat(Streams.read(stream, 4)).isEqualTo(Bytes.utf8("back"));
    }
}
