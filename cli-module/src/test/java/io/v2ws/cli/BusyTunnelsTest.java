package io.v2ws.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.v2ws.testing.Background;
import io.v2ws.testing.SocketServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tunnels that carry all they can leave room for others, on either engine. */
class BusyTunnelsTest {
    private static final int BUSY = 32;
    private static final int LOAD = 'L';
    private static final int ECHO = 'E';
    private static final byte[] ZEROS = new byte[64 * 1024];

    private final AtomicInteger arrivals = new AtomicInteger();

    /** Bytes are always there, as one process is slower than what feeds it. */
    @ParameterizedTest(name = "serve --engine {0}, forward --engine {1}")
    @CsvSource({"direct,direct", "jetty,jetty", "direct,jetty", "jetty,direct"})
    void beside32ThatAreBusyBothWaysEachComesThroughAndANewTunnelOpens(String server, String client) throws Exception {
        try (SocketServer upstream = new SocketServer("upstream", this::serve);
                CliProcess serve = CliProcess.start(
                        "serve",
                        "--engine=" + server,
                        "--listen=127.0.0.1:0",
                        "--path=/t",
                        "--forward=127.0.0.1:" + upstream.port());
                CliProcess forward = CliProcess.start(
                        "forward",
                        "--engine=" + client,
                        "--listen=127.0.0.1:0",
                        "ws://127.0.0.1:" + serve.awaitPort() + "/t")) {
            int entry = forward.awaitPort();
            List<Socket> busy = new ArrayList<>();
            try {
                for (int i = 0; i < BUSY; i++) {
                    Socket socket = new Socket("127.0.0.1", entry);
                    busy.add(socket);
                    socket.getOutputStream().write(LOAD);
                    Background.run(() -> load(socket));
                }
                await("all to come through, both ways")
                        .atMost(Duration.ofSeconds(30))
                        .until(() -> arrivals.get() == 2 * BUSY);
                assertThat(echoOf(entry, 7)).isEqualTo(7);
            } finally {
                for (Socket socket : busy) {
                    socket.close();
                }
            }
        }
    }

    private void serve(Socket socket) throws IOException {
        if (socket.getInputStream().read() == LOAD) {
            load(socket);
        } else {
            socket.getInputStream().transferTo(socket.getOutputStream());
        }
    }

    /** Sends and reads all it can until the socket is closed. */
    private void load(Socket socket) {
        Background.run(() -> untilClosed(() -> {
            while (true) {
                socket.getOutputStream().write(ZEROS);
            }
        }));
        untilClosed(() -> {
            byte[] buffer = new byte[ZEROS.length];
            InputStream in = socket.getInputStream();
            if (in.read(buffer) > 0) {
                arrivals.incrementAndGet();
            }
            while (in.read(buffer) > 0) {
                // On to the next.
            }
        });
    }

    private interface Load {
        void run() throws IOException;
    }

    private static void untilClosed(Load load) {
        try {
            load.run();
        } catch (IOException closed) {
            // At the end of the test; before it, an arrival is missing.
        }
    }

    private static int echoOf(int entry, int value) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", entry)) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(new byte[] {ECHO, (byte) value});
            return socket.getInputStream().read();
        }
    }
}
