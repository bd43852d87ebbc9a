package io.v2ws.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.v2ws.WebSocketEngine;
import io.v2ws.WebSocketStream;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.server.TunnelHandler;
import io.v2ws.server.WebSocketUpgradeFilter;
import io.v2ws.testing.Bytes;
import io.v2ws.testing.RawWebSocketPeer;
import io.v2ws.testing.SourceReader;
import io.v2ws.testing.TestCertificates;
import java.io.IOException;
import java.net.Socket;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the servlet engine leaves in Tomcat, and what Tomcat's TLS tells it. */
@Timeout(60)
class TomcatConnectionsTest {
    private static final int CONNECTIONS = 100;

    private final BlockingQueue<WebSocketStream> accepted = new LinkedBlockingQueue<>();

    private ServletServer.EmbeddedTomcat tomcat(TunnelHandler handler, TestCertificates.Identity identity) {
        var options = WebSocketTransportOptions.builder().path(Rig.PATH).build();
        return ServletServer.EmbeddedTomcat.start(
                WebSocketUpgradeFilter.builder(options, handler)
                        .engine(WebSocketEngine.SERVLET)
                        .build(),
                identity);
    }

    private WebSocketStream accepted() throws InterruptedException {
        return Objects.requireNonNull(accepted.poll(10, TimeUnit.SECONDS), "no stream");
    }

    @Test
    void f5_endRightBehindTheRequestIsAnEndOfTheTunnelAndLeavesNothingInTomcat() throws Exception {
        try (ServletServer.EmbeddedTomcat tomcat = tomcat((stream, request) -> accepted.add(stream), null)) {
            for (int i = 0; i < CONNECTIONS; i++) {
                try (RawWebSocketPeer peer = RawWebSocketPeer.connect(tomcat.address())) {
                    peer.upgrade(Rig.PATH);
                    peer.socket().shutdownOutput();
                    WebSocketStream stream = accepted();
                    SourceReader.start(stream).expectEof();
                    stream.close();
                }
            }
            awaitNothingLeft(tomcat);
        }
    }

    @Test
    void tunnelsThatAreAbortedAsTheyOpenLeaveNothingInTomcat() throws Exception {
        try (ServletServer.EmbeddedTomcat tomcat =
                tomcat((stream, request) -> stream.abort(new IOException("not wanted")), null)) {
            for (int i = 0; i < CONNECTIONS; i++) {
                try (RawWebSocketPeer peer = RawWebSocketPeer.connect(tomcat.address())) {
                    peer.upgrade(Rig.PATH);
                }
            }
            awaitNothingLeft(tomcat);
        }
    }

    private static void awaitNothingLeft(ServletServer.EmbeddedTomcat tomcat) {
        await("Tomcat's connections")
                .untilAsserted(() -> assertThat(tomcat.upgradedConnections()).isZero());
    }

    @Test
    void f5_forgedRecordOfTlsIsNoEndInOrder() throws Exception {
        TestCertificates certificates = TestCertificates.get();
        try (ServletServer.EmbeddedTomcat tomcat =
                        tomcat((stream, request) -> accepted.add(stream), certificates.server());
                Socket below = new Socket(
                        tomcat.address().getAddress(), tomcat.address().getPort())) {
            RawWebSocketPeer peer = certificates.connect(below, tomcat.address());
            peer.upgrade(Rig.PATH);
            WebSocketStream stream = accepted();
            peer.sendBinary(Bytes.random(1, 5));
            SourceReader reader = SourceReader.start(stream);
            reader.expect(Bytes.random(1, 5));
            byte[] forged = Bytes.random(2, 45);
            forged[0] = 23;
            forged[1] = 3;
            forged[2] = 3;
            forged[3] = 0;
            forged[4] = 40;
            below.getOutputStream().write(forged);
            below.shutdownOutput();
            assertThat(reader.expectFailure()).isInstanceOf(IOException.class);
        }
    }
}
