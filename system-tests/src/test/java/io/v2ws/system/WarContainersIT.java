package io.v2ws.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.v2ws.WebSocketCloseException;
import io.v2ws.WebSocketStream;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.client.WebSocketTransportClient;
import io.v2ws.testing.Background;
import io.v2ws.testing.Bytes;
import io.v2ws.testing.RawHandshake;
import io.v2ws.testing.RawResponse;
import io.v2ws.testing.RawWebSocketPeer;
import io.v2ws.testing.peers.EarlyDataMode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The WAR in containers as people download them. */
@Timeout(120)
class WarContainersIT {
    private static final int MUCH = 20_000_000;

    static Stream<Arguments> cases() {
        return WarContainer.toTry()
                .flatMap(container -> Stream.of(EarlyDataMode.values()).map(mode -> Arguments.of(container, mode)));
    }

    @ParameterizedTest(name = "{0}, early data: {1}")
    @MethodSource("cases")
    void everyByteComesBackThroughTheWarThatTheEnvironmentConfigures(WarContainer container, EarlyDataMode mode)
            throws Exception {
        try (Upstream upstream = new Upstream();
                Workspace workspace = Workspace.of("war " + container + " " + mode);
                Program server = container.start(workspace, environment(upstream, mode));
                WebSocketTransportClient client = client(server, mode);
                WebSocketStream stream = client.connect().get(10, TimeUnit.SECONDS)) {
            OutputStream out = stream.asOutputStream();
            InputStream in = stream.asInputStream();
            byte[] payload = Bytes.random(7, MUCH);
            CompletableFuture<String> back = Background.supply(() -> Bytes.sha256(in.readNBytes(MUCH)));
            out.write(payload);
            out.flush();
            assertThat(back.get(60, TimeUnit.SECONDS)).isEqualTo(Bytes.sha256(payload));
            assertThat(workspace.said("container", 0)).contains("tunnels at /tunnel on " + container.engine());
        }
    }

    @ParameterizedTest
    @MethodSource("io.v2ws.system.WarContainer#toTry")
    void aVisitorSeesTheSiteAndAStopTellsTheTunnelThatTheServerGoesAway(WarContainer container) throws Exception {
        EarlyDataMode mode = EarlyDataMode.NONE;
        try (Upstream upstream = new Upstream();
                Workspace workspace = Workspace.of("war stop " + container);
                Program server = container.start(workspace, environment(upstream, mode));
                WebSocketTransportClient client = client(server, mode);
                WebSocketStream stream = client.connect().get(10, TimeUnit.SECONDS)) {
            HttpResponse<String> site = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(site.statusCode()).isEqualTo(200);
            assertThat(site.body()).contains("<html");

            CompletableFuture<Integer> end = Background.supply(() -> {
                stream.asInputStream().readAllBytes();
                return WebSocketCloseException.NORMAL;
            });
            server.terminate();
            await("the end of the tunnel")
                    .atMost(30, TimeUnit.SECONDS)
                    .until(() -> stream.closed().isDone());
            assertThat(stream.closed().join().closeCode()).isEqualTo(WebSocketCloseException.GOING_AWAY);
            assertThat(end).failsWithin(10, TimeUnit.SECONDS);
            assertThat(workspace.said("container", 0)).doesNotContain("memory leak");
        }
    }

    /** What a request gets: its status, and its body. */
    private static String get(Program server, String target, String... headerLines) throws IOException {
        try (RawWebSocketPeer visitor = RawWebSocketPeer.connect(server.port())) {
            String lines = String.join(
                    "", Stream.of(headerLines).map(line -> line + "\r\n").toList());
            RawResponse page = visitor.handshake(RawHandshake.raw(
                    "GET " + target + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + lines + "\r\n"));
            return page.status() + " " + Bytes.utf8(visitor.input().readAllBytes());
        }
    }

    @ParameterizedTest
    @MethodSource("io.v2ws.system.WarContainer#toTry")
    void s20_s22_aFolderIsTheSiteAndHealthIsAsked(WarContainer container) throws Exception {
        try (Upstream upstream = new Upstream();
                Workspace workspace = Workspace.of("war site " + container)) {
            Path site = Files.createDirectories(workspace.folder().resolve("site/dir"))
                    .getParent();
            workspace.write("outside.txt", "secret");
            Files.writeString(site.resolve("index.html"), "home");
            Files.writeString(site.resolve("404.html"), "no such page");
            Files.writeString(site.resolve("dir/index.html"), "index of dir");
            Files.writeString(site.resolve(".env"), "secret");
            byte[] much = Bytes.utf8("0123456789".repeat(1_000_000));
            Files.write(site.resolve("much.txt"), much);
            Map<String, String> environment = environment(upstream, EarlyDataMode.NONE);
            environment.put("V2WS_SITE", site.toString());
            environment.put("V2WS_HEALTH_PATH", "/-/health");
            try (Program server = container.start(workspace, environment)) {
                assertThat(get(server, "/")).isEqualTo("200 home");
                assertThat(get(server, "/dir/?x")).isEqualTo("200 index of dir");
                assertThat(get(server, "/dir")).isEqualTo("301 ");
                assertThat(get(server, "/much.txt", "Range: bytes=9999995-")).isEqualTo("206 56789");
                assertThat(Bytes.sha256(Bytes.utf8(get(server, "/much.txt").substring(4))))
                        .isEqualTo(Bytes.sha256(much));
                for (String target : List.of("/.env", "/nothing", "/dir/nothing", "/tunnel", "/404")) {
                    assertThat(get(server, target)).as(target).isEqualTo("404 no such page");
                }
                for (String target : List.of(
                        "/../outside.txt", "/%2e%2e/outside.txt", "/..%2foutside.txt", "/dir/..%5c..%5coutside.txt")) {
                    assertThat(get(server, target))
                            .as(target)
                            .doesNotStartWith("200")
                            .doesNotContain("secret");
                }
                assertThat(get(server, "/-/health/live")).isEqualTo("200 live\n");
                assertThat(get(server, "/-/health/ready")).isEqualTo("200 ready\n");
            }
        }
    }

    private static Map<String, String> environment(Upstream upstream, EarlyDataMode mode) {
        Map<String, String> environment = new HashMap<>();
        environment.put("V2WS_FORWARD", "127.0.0.1:" + upstream.port());
        environment.put("V2WS_MAX_EARLY_DATA", Integer.toString(mode.maxEarlyData()));
        environment.put("V2WS_EARLY_DATA_HEADER_NAME", mode.headerName());
        return environment;
    }

    private static WebSocketTransportClient client(Program server, EarlyDataMode mode) throws IOException {
        return WebSocketTransportClient.builder("ws://127.0.0.1:" + server.port() + "/tunnel")
                .options(WebSocketTransportOptions.builder()
                        .maxEarlyData(mode.maxEarlyData())
                        .earlyDataHeaderName(mode.headerName())
                        .build())
                .build();
    }
}
