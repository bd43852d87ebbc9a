package io.v2ws.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.v2ws.testing.Bytes;
import io.v2ws.testing.MarkdownBlocks;
import io.v2ws.testing.RawHandshake;
import io.v2ws.testing.RawWebSocketPeer;
import io.v2ws.testing.TestCertificates;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The commands of {@code docs/deploy.md}, one after the other, as an operator types them. */
@Timeout(120)
class DeployPageIT {
    private static final String JAR = "v2ws.jar";
    private static final String SERVICE = "127.0.0.1:22";
    private static final String SERVER = "127.0.0.1:8080";
    private static final Pattern LISTENING = Pattern.compile("listening on 127\\.0\\.0\\.1:(\\d+)");
    private static final Pattern TOMCAT_READY = Pattern.compile("Server startup in");
    private static final Pattern JETTY_READY = Pattern.compile("Started oejs\\.Server");

    @TempDir
    private Path machine;

    private Upstream upstream;

    @BeforeEach
    void startService() throws IOException {
        upstream = new Upstream();
        Files.createDirectories(machine.resolve("etc/v2ws"));
        String file = MarkdownBlocks.of(DeployPage.FILE, "file").get("v2ws-json");
        Files.writeString(
                machine.resolve("etc/v2ws/v2ws.json"),
                file.replace(SERVICE, service()).replace(SERVER, "127.0.0.1:0"));
    }

    @AfterEach
    void stopService() {
        upstream.close();
    }

    @Test
    void everyBlockOfThePageIsRunByATest() throws IOException {
        Set<String> commands = new TreeSet<>(
                Set.of("jetty-unpack", "jetty-base", "jetty-start", "jetty-file", "serve", "serve-file", "client"));
        commands.addAll(Set.of("tomcat-unpack", "tomcat-base", "tomcat-start"));
        for (ReverseProxy proxy : ReverseProxy.values()) {
            commands.add(proxy.title());
        }
        assertThat(new TreeSet<>(MarkdownBlocks.of(DeployPage.FILE, "command").keySet()))
                .isEqualTo(commands);
        assertThat(MarkdownBlocks.of(DeployPage.FILE, "file")).containsOnlyKeys("v2ws-json");
        long fences = Files.readString(DeployPage.FILE)
                .lines()
                .filter(line -> line.strip().startsWith("```"))
                .count();
        assertThat(fences).isEqualTo(2L * (commands.size() + 1));
    }

    @Test
    void warOnJettyCarriesTunnelsBehindAProxy() throws Exception {
        Files.createSymbolicLink(
                machine.resolve("jetty-home-12.1.12.tar.gz"), Path.of(System.getProperty("v2ws.jetty-home")));
        Files.createSymbolicLink(machine.resolve("v2ws.war"), Path.of(System.getProperty("v2ws.war")));
        run("jetty-unpack", Map.of("/opt", machine.resolve("opt").toString()));
        run("jetty-base", jettyFolders());
        Map<String, String> values = jettyFolders();
        values.put(SERVICE, service());
        try (Workspace workspace = Workspace.of("page jetty");
                Program jetty = jetty(workspace, "jetty-start", values)) {
            assertThat(workspace.said("jetty-start", 0)).contains("tunnels at /tunnel on the direct engine");
            assertProxyAndClientWork(workspace, jetty.port());
        }
        values = jettyFolders();
        values.put("/etc/v2ws", machine.resolve("etc/v2ws").toString());
        try (Workspace workspace = Workspace.of("page jetty file");
                Program jetty = jetty(workspace, "jetty-file", values)) {
            assertProxyAndClientWork(workspace, jetty.port());
            RawHandshake longer = RawHandshake.to("/tunnel").add("X-Filler", "A".repeat(15_000));
            assertThat(ProxiedTunnel.answer(RawWebSocketPeer.connect(jetty.port()), longer))
                    .isEqualTo("101");
        }
    }

    @Test
    void warOnTomcatCarriesTunnelsBehindAProxy() throws Exception {
        Files.createSymbolicLink(
                machine.resolve("apache-tomcat-11.0.25.tar.gz"), Path.of(System.getProperty("v2ws.tomcat")));
        Files.createSymbolicLink(machine.resolve("v2ws.war"), Path.of(System.getProperty("v2ws.war")));
        String opt = machine.resolve("opt").toString();
        String base = machine.resolve("srv/v2ws").toString();
        run("tomcat-unpack", Map.of("/opt", opt));
        run("tomcat-base", Map.of("/opt", opt, "/srv/v2ws", base));
        Path configuration = machine.resolve("srv/v2ws/conf/server.xml");
        String connector = Files.readString(configuration);
        try (Workspace workspace = Workspace.of("page tomcat");
                Program tomcat = Program.start(
                        workspace,
                        "tomcat-start",
                        port -> {
                            Files.writeString(
                                    configuration,
                                    connector.replace(
                                            "port=\"8080\" address=\"127.0.0.1\"",
                                            "port=\"" + port + "\" address=\"127.0.0.1\""));
                            return List.of(
                                    "sh",
                                    "-ec",
                                    DeployPage.command(
                                            "tomcat-start",
                                            Map.of("/opt", opt, "/srv/v2ws", base, SERVICE, service())));
                        },
                        TOMCAT_READY)) {
            assertThat(workspace.said("tomcat-start", 0)).contains("tunnels at /tunnel on the servlet engine");
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), tomcat.port())) {
                socket.getOutputStream()
                        .write("GET /tunnel?a=| HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1))
                        .contains(" 400 ")
                        .doesNotContainIgnoringCase("tomcat");
            }
            assertProxyAndClientWork(workspace, tomcat.port());
        }
    }

    @Test
    void serveCarriesTunnelsBehindAProxy() throws Exception {
        Map<String, String> options =
                Map.of(JAR, System.getProperty("v2ws.jar"), SERVER, "127.0.0.1:0", SERVICE, service());
        Map<String, String> file = Map.of(
                JAR,
                System.getProperty("v2ws.jar"),
                "/etc/v2ws",
                machine.resolve("etc/v2ws").toString());
        for (Map.Entry<String, Map<String, String>> command :
                Map.of("serve", options, "serve-file", file).entrySet()) {
            String text = DeployPage.command(command.getKey(), command.getValue());
            try (Workspace workspace = Workspace.of("page " + command.getKey());
                    Program serve = Program.start(
                            workspace, command.getKey(), ignored -> List.of("sh", "-ec", text), LISTENING)) {
                assertProxyAndClientWork(workspace, serve.port());
            }
        }
    }

    private Map<String, String> jettyFolders() {
        return new HashMap<>(Map.of(
                "/srv/v2ws",
                machine.resolve("srv/v2ws").toString(),
                "/opt/jetty-home-12.1.12",
                machine.resolve("opt/jetty-home-12.1.12").toString()));
    }

    private static Program jetty(Workspace workspace, String command, Map<String, String> values) throws IOException {
        return Program.start(
                workspace,
                command,
                port -> {
                    Map<String, String> all = new HashMap<>(values);
                    all.put("port=8080", "port=" + port);
                    return List.of("sh", "-ec", DeployPage.command(command, all));
                },
                JETTY_READY);
    }

    private void assertProxyAndClientWork(Workspace workspace, int server) throws Exception {
        try (Program proxy = ReverseProxy.NGINX.start(workspace, server);
                Program client = client(workspace, proxy.port());
                Socket socket = new Socket(InetAddress.getByName("127.0.0.1"), client.port())) {
            byte[] question = Bytes.random(5, 10_000);
            CompletableFuture<byte[]> arrived = upstream.next(service -> {
                byte[] bytes = service.getInputStream().readNBytes(question.length);
                service.getOutputStream().write(bytes);
                return bytes;
            });
            socket.setSoTimeout(10_000);
            Tunnel.echo(socket, question);
            assertThat(arrived).succeedsWithin(10, TimeUnit.SECONDS).isEqualTo(question);
        }
    }

    private static Program client(Workspace workspace, int proxy) throws IOException {
        String command = DeployPage.command(
                "client",
                Map.of(
                        JAR,
                        System.getProperty("v2ws.jar"),
                        "127.0.0.1:2222",
                        "127.0.0.1:0",
                        "wss://example.com/tunnel",
                        "--tls-ca " + TestCertificates.get().caPem() + " wss://127.0.0.1:" + proxy + "/tunnel"));
        return Program.start(workspace, "client", ignored -> List.of("sh", "-ec", command), LISTENING);
    }

    /** Runs a command to its end. */
    private void run(String command, Map<String, String> values) throws Exception {
        Path log = machine.resolve(command + ".log");
        Process process = new ProcessBuilder("sh", "-ec", DeployPage.command(command, values))
                .directory(machine.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(log)).isZero();
    }

    private String service() {
        return "127.0.0.1:" + upstream.port();
    }
}
