package io.v2ws.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.v2ws.testing.Bytes;
import io.v2ws.testing.EchoUpstream;
import io.v2ws.testing.EmbeddedJetty;
import io.v2ws.testing.LeakCheck;
import io.v2ws.testing.RawWebSocketPeer;
import jakarta.servlet.DispatcherType;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Stream;
import org.eclipse.jetty.ee11.servlet.FilterHolder;
import org.eclipse.jetty.server.Connector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The filters of one application share threads, and give all of them back when the application is deployed again. */
@ExtendWith(LeakCheck.class)
class ApplicationConnectorsTest {

    private static EmbeddedJetty forwarding(EchoUpstream upstream, int filters, String... params) {
        EmbeddedJetty.Builder builder = EmbeddedJetty.builder();
        for (int i = 0; i < filters; i++) {
            FilterHolder holder = new FilterHolder(WebSocketUpgradeFilter.class);
            holder.setInitParameter("path", "/tunnel" + i);
            holder.setInitParameter("forward", "127.0.0.1:" + upstream.port());
            for (int j = 0; j < params.length; j += 2) {
                holder.setInitParameter(params[j], params[j + 1]);
            }
            builder.configureContext(context -> context.addFilter(holder, "/*", EnumSet.of(DispatcherType.REQUEST)));
        }
        return builder.start();
    }

    private static RawWebSocketPeer tunnel(EmbeddedJetty jetty, int number) throws Exception {
        RawWebSocketPeer peer = RawWebSocketPeer.connect(jetty.port());
        peer.upgrade("/tunnel" + number);
        peer.sendBinary(Bytes.utf8("echo"));
        assertThat(peer.readBinary(4)).isEqualTo(Bytes.utf8("echo"));
        return peer;
    }

    private static Stream<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("v2ws"));
    }

    @Test
    void tenFiltersHaveTheThreadsOfOne() throws Exception {
        try (EchoUpstream upstream = EchoUpstream.echo()) {
            long ofOne;
            try (EmbeddedJetty jetty = forwarding(upstream, 1);
                    RawWebSocketPeer peer = tunnel(jetty, 0)) {
                ofOne = threads().count();
                assertThat(peer.socket().isConnected()).isTrue();
            }
            try (EmbeddedJetty jetty = forwarding(upstream, 10)) {
                List<RawWebSocketPeer> peers = new ArrayList<>();
                for (int i = 0; i < 10; i++) {
                    peers.add(tunnel(jetty, i));
                }
                // The pool of an echo through ten filters may have grown by a few.
                assertThat(threads().count()).isLessThanOrEqualTo(ofOne + 4);
                peers.forEach(RawWebSocketPeer::close);
            }
            assertThat(threads()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"direct", "jetty"})
    void f6_redeployWithLiveTunnelsSendsThem1001AndLeavesNothing(String engine) throws Exception {
        try (EchoUpstream upstream = EchoUpstream.echo();
                EmbeddedJetty jetty = forwarding(upstream, 2, "engine", engine);
                RawWebSocketPeer first = tunnel(jetty, 0);
                RawWebSocketPeer second = tunnel(jetty, 1)) {
            jetty.server().getHandler().stop();
            first.expectClose(1001);
            second.expectClose(1001);
            assertNothingLeft(jetty, upstream);
            jetty.server().getHandler().start();
            try (RawWebSocketPeer third = tunnel(jetty, 1)) {
                third.sendClose(1000, "");
                third.expectClose(1000);
            }
        }
    }

    /** The peer's end of the connection stays open, and it reads nothing: nobody but the stop can end the tunnel. */
    @ParameterizedTest
    @ValueSource(strings = {"direct", "jetty"})
    void f6_redeployCutsATunnelWhosePeerDoesNotAnswer(String engine) throws Exception {
        try (EchoUpstream upstream = EchoUpstream.source(1, Long.MAX_VALUE);
                EmbeddedJetty jetty = forwarding(upstream, 1, "engine", engine);
                RawWebSocketPeer peer = RawWebSocketPeer.connect(jetty.address(), 4_096)) {
            peer.upgrade("/tunnel0");
            await().until(() -> upstream.liveSockets().size() == 1);
            jetty.server().getHandler().stop();
            assertNothingLeft(jetty, upstream);
        }
    }

    private static void assertNothingLeft(EmbeddedJetty jetty, EchoUpstream upstream) {
        Connector connector = jetty.server().getConnectors()[0];
        await().untilAsserted(
                        () -> assertThat(connector.getConnectedEndPoints()).isEmpty());
        await().until(() -> upstream.liveSockets().isEmpty());
        await().untilAsserted(() -> assertThat(threads()).isEmpty());
        LeakCheck.assertNoLeakedBuffers(jetty.bufferPool());
    }
}
