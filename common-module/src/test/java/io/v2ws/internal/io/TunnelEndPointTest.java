package io.v2ws.internal.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.v2ws.tcp.TcpRig;
import io.v2ws.testing.Background;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.util.BufferUtil;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the layers above the socket may rely on, where the input is kept. */
@Timeout(30)
class TunnelEndPointTest {
    private SocketChannel channel;
    private Socket farSide;
    private TunnelEndPoint endPoint;

    @BeforeEach
    void connect() throws Exception {
        try (ServerSocketChannel listener = ServerSocketChannel.open()) {
            listener.bind(TcpRig.loopback(0));
            channel = SocketChannel.open(listener.getLocalAddress());
            farSide = listener.accept().socket();
        }
        channel.configureBlocking(false);
        endPoint = new TunnelEndPoint(channel, null, null, null);
        endPoint.keepInputWhenWritesFail();
    }

    @AfterEach
    void close() throws Exception {
        channel.close();
        farSide.close();
    }

    private int fill() throws IOException {
        return endPoint.fill(ByteBuffer.allocate(100).limit(0));
    }

    private boolean flush(int bytes) throws IOException {
        return endPoint.flush(ByteBuffer.allocate(bytes));
    }

    @Test
    void anEndOfInputBehindTheEndOfTheOutputDoesNotCloseFromWithinTheRead() throws Exception {
        // TLS reads in this way, and a close would give the buffer that it reads into to somebody else.
        endPoint.shutdownOutput();
        farSide.shutdownOutput();
        await().until(() -> fill() == -1);
        assertThat(endPoint.isOpen()).isTrue();
        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void f5_whatArrivedIsStillReadBehindAWriteThatFailed() throws Exception {
        farSide.getOutputStream().write(new byte[50]);
        await().until(() -> {
            ByteBuffer buffer = BufferUtil.allocate(10);
            return endPoint.fill(buffer) == 10;
        });
        // The far side closes with bytes unread, which is a reset.
        assertThat(flush(1)).isTrue();
        await().until(() -> farSide.getInputStream().available() > 0);
        farSide.close();
        await().until(() -> flush(1) && endPoint.writeFailure() != null);
        assertThat(flush(1_000)).isTrue();
        assertThat(endPoint.isOpen()).isTrue();
    }

    @Test
    void f5_whoAsksForTheFailureOfAWriteWaitsForTheWriteThatAnotherThreadIsIn() throws Exception {
        CountDownLatch writing = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        TunnelEndPoint held = new TunnelEndPoint(channel, null, null, null) {
            @Override
            public SocketChannel getChannel() {
                writing.countDown();
                try {
                    goOn.await();
                } catch (InterruptedException never) {
                    throw new IllegalStateException(never);
                }
                return super.getChannel();
            }
        };
        held.keepInputWhenWritesFail();
        channel.shutdownOutput();
        CompletableFuture<Void> write = Background.run(() -> held.flush(ByteBuffer.allocate(1)));
        assertThat(writing.await(10, TimeUnit.SECONDS)).isTrue();
        FutureTask<IOException> asked = new FutureTask<>(held::writeFailure);
        Thread asking = new Thread(asked, "asking");
        asking.start();
        await().until(() -> asking.getState() == Thread.State.BLOCKED || asked.isDone());
        goOn.countDown();
        write.get(10, TimeUnit.SECONDS);
        assertThat(asked.get(10, TimeUnit.SECONDS)).isNotNull();
    }

    @Test
    void aWriteThatFailsIsNotHiddenFromThoseWhoDoNotKeepTheInput() throws Exception {
        TunnelEndPoint usual = new TunnelEndPoint(channel, null, null, null);
        farSide.setSoLinger(true, 0);
        farSide.close();
        assertThatThrownBy(() -> {
                    while (true) {
                        usual.flush(ByteBuffer.allocate(1));
                    }
                })
                .isInstanceOf(IOException.class);
        assertThat(usual.writeFailure()).isNotNull();
    }

    @Test
    void whatTheKernelHasTakenIsCounted() throws Exception {
        assertThat(endPoint.bytesFlushed()).isZero();
        assertThat(endPoint.flush(ByteBuffer.allocate(100), ByteBuffer.allocate(23)))
                .isTrue();
        assertThat(endPoint.bytesFlushed()).isEqualTo(123);
        ByteBuffer much = ByteBuffer.allocate(64 << 20);
        assertThat(endPoint.flush(much)).isFalse();
        assertThat(endPoint.bytesFlushed()).isEqualTo(123 + much.position());
    }
}
