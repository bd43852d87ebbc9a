package io.v2ws.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.v2ws.WebSocketStream;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.client.WebSocketTransportClient;
import io.v2ws.testing.Background;
import io.v2ws.testing.Bytes;
import io.v2ws.testing.RawHandshake;
import io.v2ws.testing.RawResponse;
import io.v2ws.testing.RawWebSocketPeer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The Spring Boot application of {@code docs/embed.md}, as the jar that people run. */
@Timeout(120)
class SpringBootIT {
    private static final int MUCH = 20_000_000;
    private static final int EARLY = 2048;
    private static final Pattern READY = Pattern.compile("Started TunnelApplication");

    @Test
    void jettyCarriesTunnelsOnTheDirectEngine() throws Exception {
        carries("spring-boot/target/spring-boot-jetty.jar", "the direct engine", "Jetty started on port");
    }

    @Test
    void tomcatCarriesTunnelsOnTheServletEngine() throws Exception {
        carries("spring-boot-tomcat/target/spring-boot-tomcat.jar", "the servlet engine", "Tomcat started on port");
    }

    private static void carries(String jar, String engine, String server) throws Exception {
        try (Upstream upstream = new Upstream();
                Workspace workspace = Workspace.of(jar);
                Program application = start(workspace, jar, upstream)) {
            assertThat(workspace.said("spring-boot", 0)).contains("tunnels at /tunnel on " + engine, server);
            assertVisitorSeesTheSite(application.port());
            assertEarlyDataArrives(application.port());
            assertMuchComesBack(application.port());
            assertAStopTellsTheTunnel(application);
        }
    }

    private static Program start(Workspace workspace, String jar, Upstream upstream) throws IOException {
        Path examples = Path.of(System.getProperty("v2ws.examples"));
        return Program.start(
                workspace,
                "spring-boot",
                port -> List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-jar",
                        examples.resolve(jar).toString(),
                        "--server.address=127.0.0.1",
                        "--server.port=" + port,
                        "--server.max-http-request-header-size=16KB",
                        "--tunnel.forward=127.0.0.1:" + upstream.port()),
                READY);
    }

    private static void assertVisitorSeesTheSite(int port) throws IOException {
        try (RawWebSocketPeer visitor = RawWebSocketPeer.connect(port)) {
            RawResponse page = visitor.handshake(RawHandshake.raw("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
            assertThat(page.status()).isEqualTo(200);
            assertThat(visitor.readBody(page)).contains("<html");
        }
    }

    private static void assertEarlyDataArrives(int port) throws IOException {
        byte[] early = Bytes.random(3, EARLY);
        String text = Base64.getUrlEncoder().withoutPadding().encodeToString(early);
        try (RawWebSocketPeer peer = RawWebSocketPeer.connect(port)) {
            peer.upgrade(RawHandshake.to("/tunnel").add("Sec-WebSocket-Protocol", text));
            assertThat(peer.readBinary(EARLY)).isEqualTo(early);
        }
    }

    private static void assertMuchComesBack(int port) throws Exception {
        WebSocketTransportOptions options = WebSocketTransportOptions.builder()
                .maxEarlyData(EARLY)
                .earlyDataHeaderName("Sec-WebSocket-Protocol")
                .build();
        try (WebSocketTransportClient client = WebSocketTransportClient.builder("ws://127.0.0.1:" + port + "/tunnel")
                        .options(options)
                        .build();
                WebSocketStream stream = client.connect().get(10, TimeUnit.SECONDS)) {
            OutputStream out = stream.asOutputStream();
            InputStream in = stream.asInputStream();
            byte[] payload = Bytes.random(7, MUCH);
            CompletableFuture<String> back = Background.supply(() -> Bytes.sha256(in.readNBytes(MUCH)));
            out.write(payload);
            out.flush();
            assertThat(back.get(60, TimeUnit.SECONDS)).isEqualTo(Bytes.sha256(payload));
        }
    }

    private static void assertAStopTellsTheTunnel(Program application) throws IOException {
        try (RawWebSocketPeer peer = RawWebSocketPeer.connect(application.port())) {
            peer.upgrade("/tunnel");
            peer.sendBinary(Bytes.utf8("open"));
            assertThat(peer.readBinary(4)).isEqualTo(Bytes.utf8("open"));
            application.terminate();
            peer.expectClose(1001);
        }
    }
}
