package io.v2ws.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.websocket.server.config.JettyWebSocketServletContainerInitializer;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The raw peer against an implementation that is not ours. */
@ExtendWith(LeakCheck.class)
class RawPeerAgainstJettyTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 125, 126, 65_535, 65_536})
    void messagesAreEchoedAndClosed(int length) throws Exception {
        try (EmbeddedJetty jetty =
                EmbeddedJetty.builder().configureContext(this::addEcho).start()) {
            try (RawWebSocketPeer peer = RawWebSocketPeer.connect(jetty.port())) {
                byte[] payload = Bytes.random(length, length);
                peer.upgrade(
                        RawHandshake.to("/echo"),
                        FrameBytes.binary(payload).masked().bytes());
                assertThat(peer.readBinary(length)).isEqualTo(payload);
                peer.sendPing((byte) 7);
                assertThat(peer.expectFrame(FrameBytes.PONG).payload()).containsExactly(7);
                peer.sendClose(1000, "done");
                peer.expectClose(1000);
                peer.expectEof();
            }
            LeakCheck.assertNoLeakedBuffers(jetty.bufferPool());
        }
    }

    @Test
    void illegalFrameIsRefused() throws Exception {
        try (EmbeddedJetty jetty =
                        EmbeddedJetty.builder().configureContext(this::addEcho).start();
                RawWebSocketPeer peer = RawWebSocketPeer.connect(jetty.port())) {
            peer.upgrade("/echo");
            peer.send(FrameBytes.binary((byte) 1).rsv(4).masked());
            peer.expectClose(1002);
        }
    }

    private void addEcho(ServletContextHandler context) {
        JettyWebSocketServletContainerInitializer.configure(context, (servletContext, container) -> {
            container.setMaxBinaryMessageSize(1 << 20);
            container.addMapping("/echo", (request, response) -> new Echo());
        });
    }

    /** Public, as Jetty finds its methods by reflection. */
    public static final class Echo implements Session.Listener.AutoDemanding {
        private Session session;

        @Override
        public void onWebSocketOpen(Session opened) {
            this.session = opened;
        }

        @Override
        public void onWebSocketBinary(ByteBuffer payload, Callback callback) {
            session.sendBinary(payload, callback);
        }
    }
}
