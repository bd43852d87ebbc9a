package io.v2ws.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.v2ws.WebSocketCloseException;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.testing.Bytes;
import io.v2ws.testing.FrameBytes;
import io.v2ws.testing.LeakCheck;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;

/**
 * Base of the tests of the rules of the stream (F1 to F10). Each rule is written once, against a raw peer, and runs on
 * each end of {@link EndUnderTest}. A test fails if it leaves a buffer or a thread behind.
 */
@ExtendWith(LeakCheck.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
abstract class StreamRules {

    /** Small enough that a peer that does not read stalls the far writer soon. */
    private static final int SMALL_BUFFER = 8 * 1024;

    @Parameter
    EndUnderTest end;

    private final List<Link> links = new ArrayList<>();
    private Rig rig;

    @BeforeParameterizedClassInvocation
    final void startRig() throws Exception {
        rig = end.newRig();
    }

    @AfterEach
    final void everyBufferWasGivenBack() {
        links.forEach(Link::close);
        links.clear();
        rig.pools().forEach(LeakCheck::assertNoLeakedBuffers);
    }

    @AfterParameterizedClassInvocation
    final void stopRig() throws Exception {
        rig.close();
    }

    /** Options without keepalive, so that no ping mixes with what a test counts. */
    static WebSocketTransportOptions.Builder options() {
        return WebSocketTransportOptions.builder().path(Rig.PATH).pingInterval(Duration.ZERO);
    }

    /** Options with keepalive; times in milliseconds. */
    static WebSocketTransportOptions.Builder keepalive(long interval, long timeout) {
        return options().pingInterval(Duration.ofMillis(interval)).pongTimeout(Duration.ofMillis(timeout));
    }

    /** Opens a link that ends with the test. */
    final Link open(WebSocketTransportOptions.Builder options) throws Exception {
        return open(options, 0);
    }

    /** Opens a link with everything at its default. */
    final Link open() throws Exception {
        return open(options());
    }

    /** Opens a link whose raw peer has a small receive buffer. */
    final Link openWithSmallBuffer(WebSocketTransportOptions.Builder options) throws Exception {
        return open(options, SMALL_BUFFER);
    }

    final Link openWithSmallBuffer() throws Exception {
        return openWithSmallBuffer(options());
    }

    private Link open(WebSocketTransportOptions.Builder options, int receiveBuffer) throws Exception {
        Link link = rig.open(options.build(), receiveBuffer);
        links.add(link);
        return link;
    }

    final boolean isServer() {
        return end.isServer();
    }

    /** Skips a test that needs what the Servlet API does not have. */
    final void needsMoreThanServletApi(String what) {
        assumeFalse(end.runsOnServletApi(), what);
    }

    final boolean runsOnJetty() {
        return end.runsOnJetty();
    }

    /** Writes without waiting; completes when the write has. */
    static CompletableFuture<Void> write(Content.Sink sink, boolean last, byte... bytes) {
        Callback.Completable written = new Callback.Completable();
        sink.write(last, ByteBuffer.wrap(bytes), written);
        return written;
    }

    /** Writes and waits. */
    static void writeNow(Content.Sink sink, byte... bytes) throws Exception {
        write(sink, false, bytes).get(10, TimeUnit.SECONDS);
    }

    /** Waits for the stream to be gone; null when it ended in order. */
    static Throwable outcome(Link link) throws Exception {
        return link.stream().closed().get(10, TimeUnit.SECONDS).failure();
    }

    /** The close code that a failure carries; -1 if it is not a failure of the WebSocket. */
    static int codeOf(Throwable failure) {
        return failure instanceof WebSocketCloseException close ? close.code() : -1;
    }

    /**
     * Checks that the peer broke the protocol: the very next frame is a Close with this code, the reader got these
     * bytes and then a failure that carries the code, and so does the outcome.
     */
    static void assertFailed(Link link, int code, byte... delivered) throws Exception {
        assertThat(link.peer().expectFrame(FrameBytes.CLOSE).closeCode()).isEqualTo(code);
        Throwable failure = link.reader().expectFailure();
        assertThat(codeOf(failure)).isEqualTo(code);
        assertThat(link.reader().bytes()).isEqualTo(delivered);
        link.peer().close();
        assertThat(codeOf(outcome(link))).isEqualTo(code);
        assertThatThrownBy(() -> writeNow(link.stream(), (byte) 1)).hasCauseInstanceOf(IOException.class);
    }

    /** Checks that both directions still carry bytes. */
    static void assertAlive(Link link) throws Exception {
        long before = link.reader().count();
        link.peer().sendBinary(Bytes.utf8("there"));
        eventually().until(() -> link.reader().count() == before + 5);
        writeNow(link.stream(), Bytes.utf8("back"));
        assertThat(Bytes.utf8(link.peer().readBinary(4))).isEqualTo("back");
    }

    /** Waits for a condition, 20 seconds at most, looking often. */
    static ConditionFactory eventually() {
        return Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5));
    }
}
