package io.v2ws.examples.desktop;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.v2ws.client.WebSocketTransportClient;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** HTTP clients through a tunnel. The server answers with the {@code Host} and the path that it was asked for. */
@Timeout(60)
class HttpIT {
    private static HttpServer server;
    private static TunnelTo tunnel;

    @BeforeAll
    static void start() throws Exception {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String asked = exchange.getRequestHeaders().getFirst("Host") + exchange.getRequestURI();
            byte[] answer = asked.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
        tunnel = new TunnelTo(server.getAddress().getPort());
    }

    @AfterAll
    static void stop() {
        tunnel.close();
        server.stop(0);
    }

    @Test
    void okHttpAsksForANameThatOnlyTheFarEndKnows() throws Exception {
        try (WebSocketTransportClient client = tunnel.client()) {
            assertThat(OkHttpExample.get(client, "http://intranet.invalid/page"))
                    .isEqualTo("intranet.invalid/page");
        }
    }

    @Test
    void manyClientsShareAConnector() throws Exception {
        assertThat(ManyClientsExample.addresses(List.of(tunnel.url(), tunnel.url())))
                .hasSize(2)
                .doesNotHaveDuplicates();
    }

    @Test
    void javaNetHttpGoesThroughALocalPort() throws Exception {
        try (WebSocketTransportClient client = tunnel.client()) {
            assertThat(HttpClientExample.get(client, "/page"))
                    .startsWith("127.0.0.1:")
                    .endsWith("/page");
        }
    }

    @Test
    void httpUrlConnectionGoesThroughALocalPort() throws Exception {
        try (WebSocketTransportClient client = tunnel.client()) {
            assertThat(HttpClientExample.getByUrlConnection(client, "/page"))
                    .startsWith("127.0.0.1:")
                    .endsWith("/page");
        }
    }
}
