package io.v2ws.examples.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.v2ws.HostAndPort;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.server.EchoHandler;
import io.v2ws.server.TunnelHandler;
import io.v2ws.server.WebSocketUpgradeFilter;
import io.v2ws.testing.Background;
import io.v2ws.testing.Bytes;
import io.v2ws.testing.CapturedLog;
import io.v2ws.testing.EchoUpstream;
import io.v2ws.testing.LeakCheck;
import io.v2ws.testing.RawHandshake;
import io.v2ws.testing.RawWebSocketPeer;
import io.v2ws.testing.TestCertificates;
import jakarta.servlet.DispatcherType;
import java.util.Base64;
import java.util.EnumSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.server.NetworkConnector;
import org.eclipse.jetty.server.Server;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The programs of {@code docs/embed.md}, without Jetty's WebSocket module. */
@ExtendWith(LeakCheck.class)
class EmbeddedExamplesTest {
    private static final WebSocketTransportOptions OPTIONS =
            WebSocketTransportOptions.builder().path("/tunnel").build();

    private static int port(Server server) {
        return ((NetworkConnector) server.getConnectors()[0]).getLocalPort();
    }

    private static Server start(WebSocketUpgradeFilter filter) throws Exception {
        Server server = new Server(0);
        ServletContextHandler application = new ServletContextHandler("/");
        application.addFilter(filter, "/*", EnumSet.of(DispatcherType.REQUEST));
        server.setHandler(application);
        server.start();
        return server;
    }

    private static Server start(TunnelHandler handler) throws Exception {
        return start(WebSocketUpgradeFilter.builder(OPTIONS, handler).build());
    }

    private static String early(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Bytes.utf8(text));
    }

    @Test
    void tunnelsLeadToTheServiceAndAStopSaysThatTheServerGoesAway() throws Exception {
        assertThatThrownBy(() -> Class.forName("org.eclipse.jetty.ee11.websocket.server.JettyWebSocketServerContainer"))
                .isInstanceOf(ClassNotFoundException.class);
        try (EchoUpstream echo = EchoUpstream.echo();
                CapturedLog log = new CapturedLog()) {
            Server server = JettyExample.start(0, new HostAndPort("127.0.0.1", echo.port()));
            CompletableFuture<Void> stop;
            try (RawWebSocketPeer peer = RawWebSocketPeer.connect(port(server))) {
                peer.upgrade(RawHandshake.to("/tunnel").add("Sec-WebSocket-Protocol", early("early ")));
                peer.sendBinary(Bytes.utf8("and late"));
                assertThat(peer.readBinary(14)).isEqualTo(Bytes.utf8("early and late"));
                assertThat(log.text()).contains("tunnels at /tunnel on the direct engine");

                stop = Background.run(server::stop);
                peer.expectClose(1001);
                peer.sendClose(1001, "");
            }
            stop.get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void tlsOfTheApplicationCarriesTunnels() throws Exception {
        TestCertificates certificates = TestCertificates.get();
        try (EchoUpstream echo = EchoUpstream.echo()) {
            Server server = JettyExample.start(0, new HostAndPort("127.0.0.1", echo.port()));
            try {
                server.stop();
                var connector =
                        TlsExample.addTo(server, 0, certificates.server().keyStore(), TestCertificates.PASSWORD);
                server.start();
                try (RawWebSocketPeer peer = RawWebSocketPeer.client(certificates
                        .trustingContext()
                        .getSocketFactory()
                        .createSocket("localhost", connector.getLocalPort()))) {
                    peer.upgrade("/tunnel");
                    peer.sendBinary(Bytes.utf8("echo"));
                    assertThat(peer.readBinary(4)).isEqualTo(Bytes.utf8("echo"));
                }
            } finally {
                server.stop();
            }
        }
    }

    @Test
    void onlyTheTokenOpensATunnel() throws Exception {
        Server server = start(AdmissionExample.filter(OPTIONS, new EchoHandler(), "secret"));
        try {
            for (String credentials : new String[] {"Bearer secreT", "Basic secret", ""}) {
                try (RawWebSocketPeer peer = RawWebSocketPeer.connect(port(server))) {
                    RawHandshake request = RawHandshake.to("/tunnel").add("Authorization", credentials);
                    assertThat(peer.handshake(request).status()).isEqualTo(404);
                }
            }
            try (RawWebSocketPeer peer = RawWebSocketPeer.connect(port(server))) {
                peer.upgrade(RawHandshake.to("/tunnel").add("Authorization", "Bearer secret"));
            }
        } finally {
            server.stop();
        }
    }

    @Test
    void linesAreAnsweredByBlockingCode() throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        Server server = start(new StreamExample(threads));
        try (RawWebSocketPeer peer = RawWebSocketPeer.connect(port(server))) {
            peer.upgrade("/tunnel");
            peer.sendBinary(Bytes.utf8("hello\nagain\n"));
            assertThat(Bytes.utf8(peer.readBinary(30))).isEqualTo("you said hello\nyou said again\n");
            peer.sendClose(1000, "");
            peer.expectClose(1000);
        } finally {
            server.stop();
            threads.shutdown();
        }
    }

    @Test
    void whatComesIsSentBackWithoutAThread() throws Exception {
        Server server = start(new AsynchronousExample());
        try (RawWebSocketPeer peer = RawWebSocketPeer.connect(port(server))) {
            peer.upgrade("/tunnel");
            peer.sendBinary(Bytes.utf8("hello"));
            assertThat(peer.readBinary(5)).isEqualTo(Bytes.utf8("hello"));
        } finally {
            server.stop();
        }
    }
}
