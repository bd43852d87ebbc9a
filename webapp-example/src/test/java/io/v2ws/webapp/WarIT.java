package io.v2ws.webapp;

import static org.assertj.core.api.Assertions.assertThat;

import io.v2ws.testing.Bytes;
import io.v2ws.testing.EchoUpstream;
import io.v2ws.testing.RawHandshake;
import io.v2ws.testing.RawResponse;
import io.v2ws.testing.RawWebSocketPeer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.eclipse.jetty.ee11.webapp.WebAppContext;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packed WAR, deployed as Jetty deploys any: with the server's classes hidden from it. */
class WarIT {
    @TempDir
    private Path folder;

    private EchoUpstream upstream;
    private Server server;
    private int port;

    @BeforeEach
    void deploy() throws Exception {
        upstream = EchoUpstream.echo();
        Path override = folder.resolve("override-web.xml");
        Files.writeString(override, """
                <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.1">
                  <filter>
                    <filter-name>tunnel</filter-name>
                    <filter-class>io.v2ws.server.WebSocketUpgradeFilter</filter-class>
                    <init-param><param-name>forward</param-name><param-value>127.0.0.1:%d</param-value></init-param>
                  </filter>
                </web-app>
                """.formatted(upstream.port()));
        server = new Server();
        ServerConnector connector = new ServerConnector(server);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        WebAppContext context = new WebAppContext();
        context.setContextPath("/");
        context.setWar(System.getProperty("war"));
        context.setOverrideDescriptor(override.toUri().toString());
        context.setTempDirectory(folder.resolve("work").toFile());
        context.setThrowUnavailableOnStartupException(true);
        server.setHandler(context);
        server.start();
        port = connector.getLocalPort();
    }

    @AfterEach
    void undeploy() throws Exception {
        server.stop();
        upstream.close();
    }

    @Test
    void aTunnelWithEarlyDataReachesTheUpstream() throws Exception {
        String early = Base64.getUrlEncoder().withoutPadding().encodeToString(Bytes.utf8("early "));
        try (RawWebSocketPeer peer = RawWebSocketPeer.connect(port)) {
            peer.upgrade(RawHandshake.to("/tunnel").add("Sec-WebSocket-Protocol", early));
            peer.sendBinary(Bytes.utf8("and late"));
            assertThat(peer.readBinary(14)).isEqualTo(Bytes.utf8("early and late"));
            peer.sendClose(1000, "");
            peer.expectClose(1000);
        }
    }

    @Test
    void aVisitorSeesTheOrdinarySite() throws Exception {
        try (RawWebSocketPeer peer = RawWebSocketPeer.connect(port)) {
            RawResponse page = peer.handshake(RawHandshake.raw("GET / HTTP/1.1\r\nHost: example\r\n\r\n"));
            assertThat(page.status()).isEqualTo(200);
            assertThat(peer.readBody(page)).contains("An ordinary site");
            RawResponse tunnelPath = peer.handshake(RawHandshake.raw("GET /tunnel HTTP/1.1\r\nHost: example\r\n\r\n"));
            assertThat(tunnelPath.status()).isEqualTo(404);
        }
    }
}
