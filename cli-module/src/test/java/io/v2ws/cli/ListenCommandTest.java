package io.v2ws.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.v2ws.testing.Bytes;
import io.v2ws.testing.EchoUpstream;
import io.v2ws.testing.LeakCheck;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Names with an IPv4 and an IPv6 address, to listen on and to connect to. */
@Timeout(120)
@ExtendWith(LeakCheck.class)
class ListenCommandTest {
    @TempDir
    Path folder;

    private String hosts;

    @BeforeEach
    void writeHosts() throws IOException {
        Path file = Files.write(
                folder.resolve("hosts"), List.of("127.0.0.1 localhost", "::1 localhost", "127.0.0.1 both", "::1 both"));
        hosts = "-Djdk.net.hosts.file=" + file;
    }

    private static void echoes(String address, int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.getByName(address), port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(Bytes.utf8("hello"));
            assertThat(socket.getInputStream().readNBytes(5)).isEqualTo(Bytes.utf8("hello"));
        }
    }

    @Test
    void localhostIsBothLoopbackAddressesWithTheSamePort() throws Exception {
        try (CliProcess serve = CliProcess.start(hosts, "serve", "--listen=localhost:0", "--path=/t")) {
            int port = serve.awaitPort();
            assertThat(serve.stderr())
                    .contains("listening on 127.0.0.1:%d and [0:0:0:0:0:0:0:1]:%d (ws)".formatted(port, port));
            for (String address : List.of("127.0.0.1", "[::1]")) {
                try (CliProcess forward = CliProcess.start(
                        hosts, "forward", "--listen=localhost:0", "ws://" + address + ":" + port + "/t")) {
                    echoes("127.0.0.1", forward.awaitPort());
                    echoes("::1", forward.awaitPort());
                }
            }
            serve.terminate();
            assertThat(serve.exitCode()).isZero();
        }
    }

    @Test
    void aPortThatIsTakenOnOneOfTheAddressesIsAnError() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("::1"))) {
            String listen = "--listen=localhost:" + taken.getLocalPort();
            for (String[] arguments : new String[][] {
                {hosts, "serve", listen, "--path=/t"}, {hosts, "forward", listen, "ws://127.0.0.1:1/t"}
            }) {
                try (CliProcess process = CliProcess.start(arguments)) {
                    assertThat(process.exitCode()).isEqualTo(1);
                    assertThat(process.stderr())
                            .contains("cannot listen on localhost:" + taken.getLocalPort() + ": ")
                            .contains("in use");
                }
            }
        }
    }

    @Test
    void thePreferredFamilyIsTriedFirst() throws Exception {
        try (EchoUpstream upstream = EchoUpstream.echo();
                ServerSocket other = new ServerSocket()) {
            // The same port on the other address takes connections and says nothing.
            other.bind(new InetSocketAddress("::1", upstream.port()));
            try (CliProcess serve = CliProcess.start(
                            hosts,
                            "serve",
                            "--listen=127.0.0.1:0",
                            "--path=/t",
                            "--prefer-ipv4",
                            "--forward=both:" + upstream.port());
                    CliProcess forward = CliProcess.start(
                            "forward", "--listen=127.0.0.1:0", "ws://127.0.0.1:" + serve.awaitPort() + "/t")) {
                echoes("127.0.0.1", forward.awaitPort());
            }
            Path config = Files.writeString(
                    folder.resolve("serve.json"),
                    "{\"listen\": \"127.0.0.1:0\", \"prefer_ipv6\": true, \"forward\": \"both:" + upstream.port()
                            + "\", \"transport\": {\"type\": \"ws\"}}");
            try (CliProcess serve = CliProcess.start(hosts, "serve", "--config=" + config);
                    CliProcess forward = CliProcess.start(
                            "forward", "--listen=127.0.0.1:0", "ws://127.0.0.1:" + serve.awaitPort() + "/");
                    Socket socket = new Socket("127.0.0.1", forward.awaitPort())) {
                socket.getOutputStream().write(1);
                other.setSoTimeout(10_000);
                other.accept().close();
            }
        }
    }

    @Test
    void theClientTriesThePreferredFamilyOfTheServerFirst() throws Exception {
        for (String family : List.of("ipv4", "ipv6")) {
            try (ServerSocket v4 = new ServerSocket(0, 10, InetAddress.getByName("127.0.0.1"));
                    ServerSocket v6 = new ServerSocket(v4.getLocalPort(), 10, InetAddress.getByName("::1"))) {
                Path config = Files.writeString(
                        folder.resolve("forward.json"),
                        "{\"url\": \"ws://both:%d/t\", \"prefer_%s\": true}".formatted(v4.getLocalPort(), family));
                for (String option : List.of("--prefer-" + family, "--config=" + config)) {
                    try (CliProcess forward = CliProcess.start(
                                    hosts,
                                    "forward",
                                    "--listen=127.0.0.1:0",
                                    option,
                                    option.startsWith("--config")
                                            ? "--quiet=false"
                                            : "ws://both:" + v4.getLocalPort() + "/t");
                            Socket socket = new Socket("127.0.0.1", forward.awaitPort())) {
                        ServerSocket expected = family.equals("ipv4") ? v4 : v6;
                        expected.setSoTimeout(10_000);
                        expected.accept().close();
                        assertThat(socket.isConnected()).isTrue();
                    }
                }
            }
        }
    }
}
