package io.v2ws.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What the rules of the stream (F1 to F10) have in common. Each rule is written once, against a raw peer; one subclass
 * runs it against the server, another against the client. No buffer and no thread may be left behind.
 */
@ExtendWith(LeakCheck.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
public abstract class FrameRules {

    private final List<FrameLink> links = new ArrayList<>();
    private FrameRig rig;

    /** For subclasses. */
    protected FrameRules() {}

    /**
     * Makes what opens the links.
     *
     * @throws Exception if that fails
     */
    protected abstract FrameRig newRig() throws Exception;

    @BeforeAll
    final void startRig() throws Exception {
        rig = newRig();
    }

    @AfterEach
    final void everyBufferWasGivenBack() {
        links.forEach(FrameLink::close);
        links.clear();
        rig.pools().forEach(LeakCheck::assertNoLeakedBuffers);
    }

    @AfterAll
    final void stopRig() throws Exception {
        rig.close();
    }

    /** Opens a link that ends with the test. */
    protected final FrameLink open(FrameOptions options) throws Exception {
        FrameLink link = rig.open(options);
        links.add(link);
        return link;
    }

    /** Opens a link with everything at its default. */
    protected final FrameLink open() throws Exception {
        return open(FrameOptions.defaults());
    }

    /** Whether the end under test is the server. */
    protected final boolean isServer() {
        return rig.isServer();
    }

    /** Whether the engine under test is Jetty's, which has limits of its own (notes of the wire contract). */
    protected final boolean runsOnJetty() {
        return rig.runsOnJetty();
    }

    /** Writes without waiting; completes when the write has. */
    protected static CompletableFuture<Void> write(Content.Sink sink, boolean last, byte... bytes) {
        Callback.Completable written = new Callback.Completable();
        sink.write(last, ByteBuffer.wrap(bytes), written);
        return written;
    }

    /** Writes and waits. */
    protected static void writeNow(Content.Sink sink, byte... bytes) throws Exception {
        write(sink, false, bytes).get(10, TimeUnit.SECONDS);
    }

    /** Waits for the stream to be gone; null when it ended in order. */
    protected static Throwable outcome(FrameLink link) throws Exception {
        return link.stream().closed().get(10, TimeUnit.SECONDS);
    }

    /**
     * Checks that the peer broke the protocol: the very next frame is a Close with this code, the reader got these bytes
     * and then a failure that carries the code, and so does the outcome.
     */
    protected static void assertFailed(FrameLink link, FrameReader reader, int code, byte... delivered)
            throws Exception {
        assertThat(link.peer().expectFrame(FrameBytes.CLOSE).closeCode()).isEqualTo(code);
        Throwable failure = reader.expectFailure();
        assertThat(link.stream().codeOf(failure)).isEqualTo(code);
        assertThat(reader.bytes()).isEqualTo(delivered);
        link.peer().close();
        assertThat(link.stream().codeOf(outcome(link))).isEqualTo(code);
        assertThatThrownBy(() -> writeNow(link.stream(), (byte) 1)).hasCauseInstanceOf(IOException.class);
    }

    /** Checks that both directions still carry bytes. */
    protected static void assertAlive(FrameLink link, FrameReader reader) throws Exception {
        long before = reader.count();
        link.peer().sendBinary(Bytes.utf8("there"));
        eventually().until(() -> reader.count() == before + 5);
        writeNow(link.stream(), Bytes.utf8("back"));
        assertThat(Bytes.utf8(link.peer().readBinary(4))).isEqualTo("back");
    }

    /** Waits for a condition, 20 seconds at most, looking often. */
    protected static ConditionFactory eventually() {
        return Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5));
    }
}
