package io.v2ws.testing;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Bounds blocking writes, which {@code SO_TIMEOUT} does not: when the time is over the socket is closed, and that ends
 * the write.
 */
final class WriteDeadline {

    static final String THREAD_NAME = "test-write-deadline";

    private static final ScheduledThreadPoolExecutor TIMER = new ScheduledThreadPoolExecutor(1, task -> {
        Thread thread = new Thread(task, THREAD_NAME);
        thread.setDaemon(true);
        return thread;
    });

    static {
        TIMER.setRemoveOnCancelPolicy(true);
    }

    private WriteDeadline() {}

    /** Writes all bytes; 0 means no deadline. */
    static void write(Socket socket, byte[] bytes, int millis) throws IOException {
        if (millis == 0) {
            socket.getOutputStream().write(bytes);
            return;
        }
        AtomicBoolean expired = new AtomicBoolean();
        ScheduledFuture<?> cut = TIMER.schedule(
                () -> {
                    expired.set(true);
                    Sockets.reset(socket);
                },
                millis,
                TimeUnit.MILLISECONDS);
        try {
            socket.getOutputStream().write(bytes);
        } catch (IOException e) {
            throw expired.get() ? new SocketTimeoutException("a write was stuck for " + millis + " ms") : e;
        } finally {
            cut.cancel(false);
        }
    }
}
