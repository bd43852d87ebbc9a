package io.v2ws.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.v2ws.testing.TestCertificates;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An application with a tunnel through its own Jetty: on the module path, in an image of jlink, on the class path. */
@Timeout(120)
class ModularApplicationTest {
    private static final String MODULE = """
            module demo {
                requires io.v2ws.client;
                requires io.v2ws.server;
                requires org.eclipse.jetty.ee11.servlet;
                requires org.eclipse.jetty.server;
            }
            """;

    private static final String MAIN = """
            package demo;

            import io.v2ws.WebSocketStream;
            import io.v2ws.WebSocketTransportOptions;
            import io.v2ws.client.WebSocketTransportClient;
            import io.v2ws.server.EchoHandler;
            import io.v2ws.server.WebSocketUpgradeFilter;
            import jakarta.servlet.DispatcherType;
            import java.io.OutputStream;
            import java.net.InetSocketAddress;
            import java.util.EnumSet;
            import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
            import org.eclipse.jetty.server.Server;
            import org.eclipse.jetty.server.ServerConnector;

            public final class Main {
                public static void main(String[] args) throws Exception {
                    var options = WebSocketTransportOptions.builder().path("/tunnel").maxEarlyData(2048).build();
                    Server server = new Server(new InetSocketAddress("127.0.0.1", 0));
                    ServletContextHandler context = new ServletContextHandler("/");
                    context.addFilter(
                            WebSocketUpgradeFilter.builder(options, new EchoHandler()).build(),
                            "/*",
                            EnumSet.of(DispatcherType.REQUEST));
                    server.setHandler(context);
                    server.start();
                    int port = ((ServerConnector) server.getConnectors()[0]).getLocalPort();
                    try (WebSocketTransportClient client = WebSocketTransportClient.builder(
                                            "ws://127.0.0.1:" + port + "/tunnel")
                                    .options(options)
                                    .build();
                            WebSocketStream stream = client.connect().get()) {
                        OutputStream out = stream.asOutputStream();
                        out.write("hello".getBytes());
                        out.close();
                        System.out.print(new String(stream.asInputStream().readAllBytes()));
                    }
                    server.stop();
                }
            }
            """;

    /** An echo through TLS; the arguments are the files of certificate, key and authority. */
    private static final String TLS = """
            package demo;

            import io.v2ws.HostAndPort;
            import io.v2ws.WebSocketStream;
            import io.v2ws.WebSocketTransportOptions;
            import io.v2ws.client.TlsOptions;
            import io.v2ws.client.WebSocketTransportClient;
            import io.v2ws.server.EchoHandler;
            import io.v2ws.server.standalone.Tunnel;
            import io.v2ws.server.standalone.TunnelServer;
            import java.nio.file.Path;

            public final class Tls {
                public static void main(String[] args) throws Exception {
                    var options = WebSocketTransportOptions.builder().path("/tunnel").build();
                    try (TunnelServer server = TunnelServer.builder(HostAndPort.parse("127.0.0.1:0"))
                                    .tls(Path.of(args[0]), Path.of(args[1]))
                                    .tunnel(Tunnel.handle(options, new EchoHandler()))
                                    .start();
                            WebSocketTransportClient client = WebSocketTransportClient.builder(
                                            "wss://localhost:" + server.port() + "/tunnel")
                                    .dial(server.address())
                                    .tls(TlsOptions.builder().caFile(Path.of(args[2])).build())
                                    .build();
                            WebSocketStream stream = client.connect().get()) {
                        stream.asOutputStream().write('x');
                        System.out.print((char) stream.asInputStream().read());
                    }
                }
            }
            """;

    @TempDir
    private Path folder;

    private Path sources;
    private Path classes;

    @BeforeEach
    void write() throws IOException {
        assumeTrue(ToolProvider.findFirst("javac").isPresent(), "this Java runtime has no javac");
        sources = Files.createDirectories(folder.resolve("src/demo"));
        classes = folder.resolve("classes");
        Files.writeString(sources.resolve("Main.java"), MAIN);
    }

    /** What an application with the server and the client has: not the tests, their fixtures and their libraries. */
    private static String dependencies() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.endsWith("test-classes"))
                .filter(entry -> Stream.of("/io/v2ws/", "-module", "/jetty/", "/slf4j-api/", "servlet-api")
                        .anyMatch(entry::contains))
                .filter(entry -> !entry.contains("test-shared"))
                .collect(Collectors.joining(File.pathSeparator));
    }

    private String compile(String... options) {
        List<String> arguments = new ArrayList<>(List.of(options));
        arguments.addAll(List.of("-d", classes.toString()));
        try (Stream<Path> files = Files.list(sources)) {
            files.map(Path::toString).forEach(arguments::add);
        } catch (IOException x) {
            throw new IllegalStateException(x);
        }
        StringWriter output = new StringWriter();
        ToolProvider.findFirst("javac")
                .orElseThrow()
                .run(new PrintWriter(output), new PrintWriter(output), arguments.toArray(String[]::new));
        return output.toString();
    }

    private String run(String... arguments) throws Exception {
        return run(Path.of(System.getProperty("java.home")), arguments);
    }

    private String run(Path runtime, String... arguments) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(runtime.resolve("bin/java").toString());
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectError(folder.resolve("stderr").toFile())
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue())
                .as(Files.readString(folder.resolve("stderr")))
                .isZero();
        return output;
    }

    @Test
    void itRunsOnTheModulePath() throws Exception {
        Files.writeString(sources.resolve("module-info.java"), MODULE);
        assertThat(compile("--module-path", dependencies())).isEmpty();
        assertThat(run("--module-path", dependencies() + File.pathSeparator + classes, "-m", "demo/demo.Main"))
                .isEqualTo("hello");
    }

    @Test
    void itRunsInARuntimeImageOfJlink() throws Exception {
        assumeTrue(ToolProvider.findFirst("jlink").isPresent(), "this Java runtime has no jlink");
        assumeTrue(
                Files.isDirectory(Path.of(System.getProperty("java.home"), "jmods")),
                "this Java runtime has no folder jmods, from which jlink makes images");
        Files.writeString(sources.resolve("module-info.java"), MODULE);
        Files.writeString(sources.resolve("Tls.java"), TLS);
        assertThat(compile("--module-path", dependencies())).isEmpty();
        Path image = folder.resolve("image");
        StringWriter output = new StringWriter();
        int exitCode = ToolProvider.findFirst("jlink")
                .orElseThrow()
                .run(
                        new PrintWriter(output),
                        new PrintWriter(output),
                        "--module-path",
                        dependencies() + File.pathSeparator + classes,
                        "--add-modules",
                        // As docs/client.md says. Without the second, TLS has no elliptic curves.
                        "demo,jdk.crypto.ec,jdk.net",
                        "--output",
                        image.toString());
        assertThat(exitCode).as(output.toString()).isZero();
        assertThat(run(image, "-m", "demo/demo.Main")).isEqualTo("hello");
        TestCertificates certificates = TestCertificates.get();
        assertThat(run(
                        image,
                        "-m",
                        "demo/demo.Tls",
                        certificates.server().certificatePem().toString(),
                        certificates.server().keyPem().toString(),
                        certificates.caPem().toString()))
                .isEqualTo("x");
    }

    @Test
    void itRunsOnTheClassPath() throws Exception {
        assertThat(compile("-cp", dependencies())).isEmpty();
        assertThat(run("-cp", dependencies() + File.pathSeparator + classes, "demo.Main"))
                .isEqualTo("hello");
    }

    @Test
    void howItWorksInsideIsHiddenFromAModule() throws Exception {
        Files.writeString(sources.resolve("module-info.java"), MODULE);
        Files.writeString(
                sources.resolve("Main.java"),
                "package demo; class Main { io.v2ws.internal.websocket.FrameConnection connection; }");
        assertThat(compile("--module-path", dependencies()))
                .contains("package io.v2ws.internal.websocket is not visible");
    }
}
