package io.v2ws.internal.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.v2ws.testing.LeakCheck;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The 101 that waits for the frame behind it. */
@ExtendWith(LeakCheck.class)
class HeldAnswerTest {
    private static final String ANSWER = "HTTP/1.1 101 Switching Protocols\r\n\r\n";
    private static final String FRAME = "frame";

    private SocketChannel peer;
    private SocketChannel ours;
    private TunnelEndPoint endPoint;

    @BeforeEach
    void connect() throws IOException {
        try (ServerSocketChannel listener = ServerSocketChannel.open()) {
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            peer = SocketChannel.open(listener.getLocalAddress());
            ours = listener.accept();
        }
        peer.configureBlocking(false);
        endPoint = new TunnelEndPoint(ours, null, null, null);
    }

    @AfterEach
    void close() throws IOException {
        peer.close();
        ours.close();
    }

    private void flush(String... texts) throws IOException {
        ByteBuffer[] buffers = new ByteBuffer[texts.length];
        for (int i = 0; i < texts.length; i++) {
            buffers[i] = ByteBuffer.wrap(texts[i].getBytes(StandardCharsets.US_ASCII));
        }
        assertThat(endPoint.flush(buffers)).isTrue();
        for (ByteBuffer buffer : buffers) {
            assertThat(buffer.hasRemaining()).isFalse();
        }
    }

    /** What a write on this machine has brought is there when the write returns. */
    private String arrived() throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(8192);
        peer.read(buffer);
        return StandardCharsets.US_ASCII.decode(buffer.flip()).toString();
    }

    @Test
    void answerWaitsForTheFrameBehindIt() throws IOException {
        endPoint.holdAnswer();
        flush(ANSWER.substring(0, 20), ANSWER.substring(20));
        assertThat(arrived()).isEmpty();
        flush(FRAME);
        assertThat(arrived()).isEqualTo(ANSWER + FRAME);
        flush(FRAME);
        assertThat(arrived()).isEqualTo(FRAME);
    }

    @Test
    void anyOtherAnswerGoesOutAtOnce() throws IOException {
        endPoint.holdAnswer();
        flush("HTTP/1.1 400 Bad Request\r\n\r\n");
        assertThat(arrived()).startsWith("HTTP/1.1 400");
        flush(ANSWER);
        assertThat(arrived()).isEqualTo(ANSWER);
    }

    @Test
    void answerThatIsTooLongToWaitGoesOutAtOnce() throws IOException {
        endPoint.holdAnswer();
        flush(ANSWER + "X".repeat(2048));
        assertThat(arrived()).startsWith(ANSWER);
    }

    @Test
    void answerWithoutAFrameBehindItIsReleased() throws IOException {
        endPoint.holdAnswer();
        flush(ANSWER);
        endPoint.releaseAnswer();
        assertThat(arrived()).isEqualTo(ANSWER);
        endPoint.releaseAnswer();
        assertThat(arrived()).isEmpty();
    }
}
