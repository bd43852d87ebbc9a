package io.v2ws.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.v2ws.WebSocketTransportOptions;
import io.v2ws.testing.Bytes;
import io.v2ws.testing.EmbeddedJetty;
import io.v2ws.testing.LeakCheck;
import io.v2ws.testing.RawHandshake;
import io.v2ws.testing.RawResponse;
import io.v2ws.testing.RawWebSocketPeer;
import java.io.IOException;
import java.util.function.Consumer;

/** A Jetty with one filter in front of the ordinary site; what comes through the tunnel is recorded. */
final class FilteredSite implements AutoCloseable {
    private final RecordingHandler handler = new RecordingHandler();
    private final EmbeddedJetty jetty;

    private FilteredSite(
            WebSocketTransportOptions options,
            Consumer<WebSocketUpgradeFilter.Builder> filterHook,
            Consumer<EmbeddedJetty.Builder> jettyHook) {
        WebSocketUpgradeFilter.Builder filter = WebSocketUpgradeFilter.builder(options, handler);
        filterHook.accept(filter);
        EmbeddedJetty.Builder builder = EmbeddedJetty.builder().filter(filter.build());
        jettyHook.accept(builder);
        jetty = builder.start();
    }

    /** Starts with a path and no early data. */
    static FilteredSite plain(String path) {
        return start(WebSocketTransportOptions.builder().path(path).build());
    }

    /** Starts in path mode. */
    static FilteredSite pathMode(String path) {
        return start(WebSocketTransportOptions.builder()
                .path(path)
                .maxEarlyData(2048)
                .build());
    }

    /** Starts in header mode with the path {@code /tunnel}. */
    static FilteredSite headerMode(String headerName) {
        return start(WebSocketTransportOptions.builder()
                .path("/tunnel")
                .maxEarlyData(2048)
                .earlyDataHeaderName(headerName)
                .build());
    }

    static FilteredSite start(WebSocketTransportOptions options) {
        return start(options, filter -> {}, jetty -> {});
    }

    static FilteredSite start(
            WebSocketTransportOptions options,
            Consumer<WebSocketUpgradeFilter.Builder> filterHook,
            Consumer<EmbeddedJetty.Builder> jettyHook) {
        return new FilteredSite(options, filterHook, jettyHook);
    }

    RawWebSocketPeer connect() throws IOException {
        return RawWebSocketPeer.connect(jetty.port());
    }

    RecordingHandler handler() {
        return handler;
    }

    EmbeddedJetty jetty() {
        return jetty;
    }

    /** What one tunnel was seen as from both ends. */
    record Delivery(RawResponse response, TunnelRequest request, byte[] bytes) {}

    /** Upgrades, closes in order and returns what was delivered. */
    Delivery deliver(RawHandshake request, byte[]... behind) throws Exception {
        try (RawWebSocketPeer peer = connect()) {
            return deliver(peer, request, behind);
        }
    }

    Delivery deliver(RawWebSocketPeer peer, RawHandshake request, byte[]... behind) throws Exception {
        RawResponse response = peer.upgrade(request, behind);
        peer.sendClose(1000, "");
        peer.expectClose(1000);
        RecordingHandler.Tunnel tunnel = handler.next();
        return new Delivery(response, tunnel.request(), tunnel.bytes());
    }

    /** Upgrades to a target and returns the text that was delivered. */
    String text(String target, byte[]... behind) throws Exception {
        return Bytes.utf8(deliver(RawHandshake.to(target), behind).bytes());
    }

    /** Sends a request that must not open a tunnel and returns the answer. */
    RawResponse refused(RawHandshake request) throws IOException {
        int before = handler.count();
        try (RawWebSocketPeer peer = connect()) {
            RawResponse response = peer.handshake(request);
            assertThat(response.status()).as(response.head()).isNotEqualTo(101);
            assertThat(handler.count()).isEqualTo(before);
            return response;
        }
    }

    /** Sends a request that the ordinary site must answer, untouched, and checks that it did. */
    void assertSiteAnswers(RawHandshake request, String rawPath) throws IOException {
        int before = handler.count();
        try (RawWebSocketPeer peer = connect()) {
            RawResponse response = peer.handshake(request);
            assertThat(response.status()).as(response.head()).isEqualTo(200);
            assertThat(peer.readBody(response)).isEqualTo("site:" + rawPath);
            assertThat(handler.count()).isEqualTo(before);
        }
    }

    void assertSiteAnswers(String target) throws IOException {
        int query = target.indexOf('?');
        assertSiteAnswers(RawHandshake.to(target), query < 0 ? target : target.substring(0, query));
    }

    @Override
    public void close() {
        try {
            LeakCheck.assertNoLeakedBuffers(jetty.bufferPool());
        } finally {
            jetty.close();
        }
    }
}
