package io.v2ws.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.v2ws.testing.Background;
import io.v2ws.testing.Bytes;
import io.v2ws.testing.EchoUpstream;
import io.v2ws.testing.FrameBytes;
import io.v2ws.testing.RawWebSocketPeer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code v2ws stdio} as a process, against our server and against a peer of hand-written frames. */
class StdioCommandTest {
    private ServerSocket listening;

    @BeforeEach
    void listen() throws IOException {
        listening = new ServerSocket();
        // Small: an input of some megabytes is stuck when the peer does not read.
        listening.setReceiveBufferSize(16 * 1024);
        listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
        listening.setSoTimeout(20_000);
    }

    @AfterEach
    void stop() throws IOException {
        listening.close();
    }

    private CliProcess stdio(String... options) throws IOException {
        String[] arguments = new String[options.length + 2];
        arguments[0] = "stdio";
        arguments[1] = "ws://127.0.0.1:" + listening.getLocalPort() + "/t";
        System.arraycopy(options, 0, arguments, 2, options.length);
        return CliProcess.start(arguments);
    }

    private RawWebSocketPeer accept() throws IOException {
        RawWebSocketPeer peer = RawWebSocketPeer.accept(listening.accept());
        peer.acceptUpgrade();
        return peer;
    }

    /** Writes to the input of the process, which may block, and ends it. */
    private static CompletableFuture<Void> feed(CliProcess stdio, byte[] input) {
        return Background.run(() -> {
            try (var in = stdio.stdin()) {
                in.write(input);
            }
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2048})
    void theEndOfTheInputIsPassedOnAndTheAnswerStillCarried(int maxEarlyData) throws Exception {
        byte[] sent = Bytes.random(5, 2_000_000);
        try (EchoUpstream upstream = EchoUpstream.echo();
                CliProcess serve = CliProcess.start(
                        "serve",
                        "--listen=127.0.0.1:0",
                        "--path=/t",
                        "--max-early-data=" + maxEarlyData,
                        "--forward=127.0.0.1:" + upstream.port());
                CliProcess stdio = CliProcess.start(
                        "stdio", "--max-early-data=" + maxEarlyData, "ws://127.0.0.1:" + serve.awaitPort() + "/t")) {
            CompletableFuture<Void> fed = feed(stdio, sent);
            // The echo ends because the end of the input got to it, and only then does the process.
            assertThat(stdio.stdout().readAllBytes()).isEqualTo(sent);
            fed.get(10, TimeUnit.SECONDS);
            assertThat(stdio.exitCode()).isZero();
            assertThat(stdio.stderr()).isEmpty();
        }
    }

    @Test
    void itEndsWithTheFarEndThoughTheInputIsOpen() throws Exception {
        try (CliProcess stdio = stdio();
                RawWebSocketPeer peer = accept()) {
            peer.sendBinary(Bytes.utf8("bye"));
            peer.sendClose(1000, "");
            assertThat(stdio.stdoutText()).isEqualTo("bye");
            assertThat(stdio.exitCode()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void f5_f9_theRestOfTheInputStillGoesOutBehindTheEndOfTheAnswer(boolean halfClose) throws Exception {
        try (CliProcess stdio = stdio();
                RawWebSocketPeer peer = accept()) {
            if (halfClose) {
                peer.sendText("");
                peer.sendBinary(Bytes.utf8("answer"));
                peer.sendText("");
            } else {
                peer.sendBinary(Bytes.utf8("answer"));
                peer.shutdownOutput();
            }
            assertThat(stdio.stdoutText()).isEqualTo("answer");
            byte[] rest = Bytes.random(6, 1_000_000);
            stdio.stdin().write(rest);
            stdio.stdin().close();
            assertThat(peer.readBinary(rest.length)).isEqualTo(rest);
            peer.expectClose(1000);
            if (halfClose) {
                // As a v2ws end does; a FIN alone would be an error.
                peer.sendClose(1000, "");
            }
            peer.close();
            assertThat(stdio.exitCode()).isZero();
        }
    }

    @Test
    void anInputThatIsIdleBehindTheEndOfTheAnswerEndsAfterTheLinger() throws Exception {
        try (CliProcess stdio = stdio("--half-close-linger=100ms");
                RawWebSocketPeer peer = accept()) {
            peer.shutdownOutput();
            assertThat(stdio.stdoutText()).isEmpty();
            peer.expectClose(1000);
            assertThat(stdio.exitCode()).isZero();
        }
    }

    @Test
    void f5_anInputThatTheFarEndTakesSlowlyIsNotIdle() throws Exception {
        byte[] rest = Bytes.random(6, 8_000_000);
        try (CliProcess stdio = stdio("--half-close-linger=200ms");
                RawWebSocketPeer peer = accept()) {
            peer.shutdownOutput();
            assertThat(stdio.stdoutText()).isEmpty();
            CompletableFuture<Void> fed = feed(stdio, rest);
            // Much longer than the linger.
            assertThatThrownBy(() -> fed.get(800, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
            assertThat(peer.readBinary(rest.length)).isEqualTo(rest);
            peer.expectClose(1000);
            peer.close();
            assertThat(stdio.exitCode()).isZero();
        }
    }

    @Test
    void f5_anErrorBehindTheEndOfTheAnswerIsAFailureInOneLine() throws Exception {
        try (CliProcess stdio = stdio();
                RawWebSocketPeer peer = accept()) {
            peer.sendText("");
            peer.sendBinary(Bytes.utf8("answer"));
            peer.sendText("");
            assertThat(stdio.stdoutText()).isEqualTo("answer");
            stdio.stdin().write(Bytes.utf8("rest"));
            stdio.stdin().flush();
            assertThat(peer.readBinary(4)).isEqualTo(Bytes.utf8("rest"));
            peer.sendClose(1011, "broken");
            peer.expectClose(1011);
            peer.close();
            assertThat(stdio.exitCode()).isEqualTo(1);
            assertThat(stdio.stderr()).startsWith("v2ws: ").contains("1011").hasLineCount(1);
        }
    }

    @Test
    void f5_aResetBehindTheEndOfTheAnswerIsAFailureInOneLine() throws Exception {
        try (CliProcess stdio = stdio();
                RawWebSocketPeer peer = accept()) {
            peer.shutdownOutput();
            assertThat(stdio.stdoutText()).isEmpty();
            feed(stdio, new byte[8_000_000]);
            peer.readBinary(100_000);
            peer.reset();
            assertThat(stdio.exitCode()).isEqualTo(1);
            assertThat(stdio.stderr()).startsWith("v2ws: ").hasLineCount(1);
        }
    }

    @Test
    void f6_aFarEndThatHasEverythingNeedNotAnswerTheClose() throws Exception {
        try (CliProcess stdio = stdio("--half-close-linger=100ms", "--close-timeout=100ms");
                RawWebSocketPeer peer = accept()) {
            stdio.stdin().write(Bytes.utf8("question"));
            stdio.stdin().close();
            assertThat(peer.readBinary(8)).isEqualTo(Bytes.utf8("question"));
            peer.expectClose(1000);
            assertThat(stdio.exitCode()).as(stdio.stderr()).isZero();
        }
    }

    @Test
    void f5_aSignalInTheMiddleOfTheInputIsNoEndInOrderForTheFarEnd() throws Exception {
        try (CliProcess stdio = stdio();
                RawWebSocketPeer peer = accept()) {
            stdio.stdin().write(Bytes.utf8("half"));
            stdio.stdin().flush();
            assertThat(peer.readBinary(4)).isEqualTo(Bytes.utf8("half"));
            stdio.terminate();
            peer.expectClose(1011);
            assertThat(stdio.exitCode()).isEqualTo(143);
            assertThat(stdio.stderr()).isEmpty();
        }
    }

    @Test
    void eachChunkIsFlushed() throws Exception {
        try (CliProcess stdio = stdio();
                RawWebSocketPeer peer = accept()) {
            for (String line : new String[] {"one", "two"}) {
                peer.sendBinary(Bytes.utf8(line));
                assertThat(stdio.stdout().readNBytes(3)).isEqualTo(Bytes.utf8(line));
                stdio.stdin().write(Bytes.utf8(line));
                stdio.stdin().flush();
                assertThat(peer.readBinary(3)).isEqualTo(Bytes.utf8(line));
            }
        }
    }

    @Test
    void aPeerWithoutHalfCloseIsLeftAfterTheLinger() throws Exception {
        try (CliProcess stdio = stdio("--half-close-linger=100ms");
                RawWebSocketPeer peer = accept()) {
            stdio.stdin().write(Bytes.utf8("question"));
            stdio.stdin().close();
            assertThat(peer.readBinary(8)).isEqualTo(Bytes.utf8("question"));
            peer.expectClose(1000);
            peer.sendClose(1000, "");
            assertThat(stdio.exitCode()).isZero();
        }
    }

    @Test
    void f5_aBrokenTunnelIsAFailureInOneLine() throws Exception {
        try (CliProcess stdio = stdio();
                RawWebSocketPeer peer = accept()) {
            peer.sendBinary(Bytes.utf8("half"));
            peer.sendClose(1011, "broken");
            assertThat(stdio.stdoutText()).isEqualTo("half");
            assertThat(stdio.exitCode()).isEqualTo(1);
            assertThat(stdio.stderr()).startsWith("v2ws: ").contains("1011").hasLineCount(1);
        }
    }

    @Test
    void c15_aRefusalIsAFailureInOneLine() throws Exception {
        try (CliProcess stdio = stdio();
                RawWebSocketPeer peer = RawWebSocketPeer.accept(listening.accept())) {
            peer.readRequestHead();
            peer.respond("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
            assertThat(stdio.exitCode()).isEqualTo(1);
            assertThat(stdio.stderr()).startsWith("v2ws: ").contains("403").hasLineCount(1);
        }
    }

    @Test
    void c13_aSilentServerIsToldInTheWordsOfTheLibrary() throws Exception {
        try (CliProcess stdio = stdio("--handshake-timeout", "500ms")) {
            assertThat(stdio.exitCode()).isEqualTo(1);
            assertThat(stdio.stderr())
                    .isEqualTo("v2ws: no tunnel to ws://127.0.0.1:" + listening.getLocalPort()
                            + "/t within 500 ms: HTTP: no answer to the upgrade request\n");
        }
    }

    @Test
    void aClosedOutputEndsItWithoutAStackTrace() throws Exception {
        try (CliProcess stdio = stdio();
                RawWebSocketPeer peer = accept()) {
            stdio.stdout().close();
            peer.send(peer.frame(FrameBytes.BINARY, Bytes.utf8("for nobody")));
            assertThat(stdio.exitCode()).isEqualTo(1);
            assertThat(stdio.stderr()).isEqualTo("v2ws: standard output: Broken pipe\n");
            // The far end learns that its bytes were lost.
            peer.expectClose(1011);
        }
    }
}
