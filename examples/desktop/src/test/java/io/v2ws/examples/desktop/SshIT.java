package io.v2ws.examples.desktop;

import static org.assertj.core.api.Assertions.assertThat;

import io.v2ws.client.WebSocketTransportClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.auth.pubkey.AcceptAllPublickeyAuthenticator;
import org.apache.sshd.server.keyprovider.SimpleGeneratorHostKeyProvider;
import org.apache.sshd.server.shell.ProcessShellFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** SSH through a tunnel: libraries, and the programs as {@code docs/client.md} calls them. */
@Timeout(60)
class SshIT {
    @TempDir
    private static Path folder;

    private static SshServer server;
    private static TunnelTo tunnel;

    @BeforeAll
    static void start() throws Exception {
        server = SshServer.setUpDefaultServer();
        server.setHost("127.0.0.1");
        server.setKeyPairProvider(new SimpleGeneratorHostKeyProvider());
        server.setPasswordAuthenticator((user, password, session) -> password.equals("secret"));
        server.setPublickeyAuthenticator(AcceptAllPublickeyAuthenticator.INSTANCE);
        server.setCommandFactory(
                (channel, command) -> new ProcessShellFactory(command, "/bin/sh", "-c", command).createShell(channel));
        server.start();
        tunnel = new TunnelTo(server.getPort());
        run(
                "ssh-keygen",
                "-q",
                "-t",
                "ecdsa",
                "-N",
                "",
                "-f",
                folder.resolve("key").toString());
        Files.writeString(folder.resolve("config"), """
                IdentityFile %s
                BatchMode yes
                StrictHostKeyChecking no
                UserKnownHostsFile /dev/null
                LogLevel ERROR
                """.formatted(folder.resolve("key")));
    }

    @AfterAll
    static void stop() throws Exception {
        tunnel.close();
        server.stop(true);
    }

    @Test
    void jschRunsACommand() throws Exception {
        try (WebSocketTransportClient client = tunnel.client()) {
            assertThat(JSchExample.run(client, "user", "secret", "echo hello")).isEqualTo("hello\n");
        }
    }

    @Test
    void minaSshdRunsACommand() throws Exception {
        try (WebSocketTransportClient client = tunnel.client()) {
            assertThat(MinaSshdExample.run(client, "user", "secret", "echo hello"))
                    .isEqualTo("hello\n");
        }
    }

    @Test
    void sshRunsACommand() throws Exception {
        assertThat(runAsShown("ssh", "user@host", "user@host echo hello")).isEqualTo("hello\n");
    }

    @Test
    void gitClonesARepository() throws Exception {
        Path repository = folder.resolve("repository.git");
        Path work = folder.resolve("work");
        run("git", "init", "-q", "--bare", "--initial-branch=main", repository.toString());
        run("git", "clone", "-q", repository.toString(), work.toString());
        Files.writeString(work.resolve("file"), "content");
        run("git", "-C", work.toString(), "add", "file");
        String[] who = {"-c", "user.name=Test", "-c", "user.email=test@example.com"};
        run("git", "-C", work.toString(), who[0], who[1], who[2], who[3], "commit", "-qm", "First");
        run("git", "-C", work.toString(), "push", "-q", "origin", "HEAD:main");

        Path clone = folder.resolve("clone");
        runAsShown("git", "repository.git", repository + " " + clone);
        assertThat(clone.resolve("file")).hasContent("content");
    }

    /** Runs a command of the page, with this test's jar, tunnel and SSH configuration in it. */
    private static String runAsShown(String name, String target, String replacement) throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return run(
                "/bin/sh",
                "-c",
                replaced(
                        replaced(
                                replaced(
                                        replaced(
                                                ClientPage.command(name),
                                                "v2ws stdio",
                                                java + " -jar " + System.getProperty("v2ws.jar") + " stdio"),
                                        "wss://example.com/tunnel",
                                        tunnel.url()),
                                "ssh -o",
                                "ssh -F " + folder.resolve("config") + " -o"),
                        target,
                        replacement));
    }

    private static String replaced(String text, String part, String replacement) {
        assertThat(text).contains(part);
        return text.replace(part, replacement);
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Path errors = Files.createTempFile(folder, "stderr", ".txt");
        Process process = new ProcessBuilder(List.of(command))
                .redirectError(errors.toFile())
                .start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(errors)).isZero();
        return output;
    }
}
