package io.v2ws.examples.desktop;

import static org.awaitility.Awaitility.await;

import io.v2ws.testing.peers.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Debian's MariaDB as a process of its own, with an empty database and user {@code root} without a password. */
record MariaDbServer(Process process, int port) implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    static MariaDbServer start(Path folder) throws Exception {
        Path log = folder.resolve("log");
        Path data = folder.resolve("data");
        List<String> common =
                List.of("--no-defaults", "--user=" + System.getProperty("user.name"), "--datadir=" + data);
        Process install = run(
                log,
                "mariadb-install-db",
                common,
                "--auth-root-authentication-method=normal",
                "--skip-test-db",
                "--skip-name-resolve");
        if (!install.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS) || install.exitValue() != 0) {
            throw new IOException("no database: " + Files.readString(log));
        }
        int port = FreePorts.next();
        Process server = run(
                log,
                "mariadbd",
                common,
                "--port=" + port,
                "--bind-address=127.0.0.1",
                "--socket=" + folder.resolve("socket"),
                "--skip-name-resolve",
                "--innodb-buffer-pool-size=8M",
                "--skip-log-bin");
        MariaDbServer started = new MariaDbServer(server, port);
        try {
            await().atMost(PATIENCE)
                    .until(() -> !server.isAlive() || Files.readString(log).contains("ready for connections"));
            if (!server.isAlive()) {
                throw new IOException("MariaDB ended: " + Files.readString(log));
            }
            return started;
        } catch (IOException | RuntimeException x) {
            started.close();
            throw x;
        }
    }

    private static Process run(Path log, String program, List<String> common, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(program));
        command.addAll(common);
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        await().atMost(PATIENCE).until(() -> !process.isAlive());
    }
}
