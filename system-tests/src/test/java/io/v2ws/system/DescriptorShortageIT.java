package io.v2ws.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.eclipse.jetty.util.IO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** A server without descriptors for more connections. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "uses ulimit of a shell of Linux")
@Timeout(120)
class DescriptorShortageIT {
    private static final Pattern LISTENING = Pattern.compile("listening on 127\\.0\\.0\\.1:(\\d+)");
    private static final Pattern SHORTAGE = Pattern.compile("Cannot accept a connection on 127\\.0\\.0\\.1:\\d+: .*");
    private static final int DESCRIPTORS = 140;
    private static final int CONNECTIONS = 200;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** A selector that is asked again at once says this thousands of times a second. */
    private static final int MOST_COMPLAINTS_PER_SECOND = 30;

    @Test
    void aServerThatRunsOutOfDescriptorsSaysSoNowAndThenAndGoesOn() throws Exception {
        List<String> command = List.of(
                "sh",
                "-c",
                "ulimit -n " + DESCRIPTORS + "; exec \"$0\" -jar \"$1\" serve --path /t --listen 127.0.0.1:0",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                System.getProperty("v2ws.jar"));
        try (Workspace workspace = Workspace.of("descriptors");
                Program program = Program.start(workspace, "v2ws", ignored -> command, LISTENING)) {
            List<Socket> sockets = new ArrayList<>();
            try {
                for (int i = 0; i < CONNECTIONS; i++) {
                    sockets.add(new Socket(InetAddress.getLoopbackAddress(), program.port()));
                }
                await().atMost(PATIENCE).until(() -> complaints(workspace) > 0);
                long before = complaints(workspace);
                long start = System.nanoTime();
                await().atMost(PATIENCE).until(() -> complaints(workspace) >= before + 5);
                double seconds = (System.nanoTime() - start) / 1e9;
                assertThat(complaints(workspace) - before)
                        .isLessThan(10 + (long) (MOST_COMPLAINTS_PER_SECOND * seconds));
            } finally {
                sockets.forEach(IO::close);
            }
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), program.port())) {
                socket.setSoTimeout((int) PATIENCE.toMillis());
                expectNotFound(socket);
            }
        }
    }

    private static long complaints(Workspace workspace) throws IOException {
        try (Stream<String> lines = workspace.said("v2ws", 0).lines()) {
            return lines.filter(line -> SHORTAGE.matcher(line).find()).count();
        }
    }

    private static void expectNotFound(Socket socket) throws IOException {
        socket.getOutputStream()
                .write("GET /elsewhere HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
                .isEqualTo("HTTP/1.1 404");
    }
}
