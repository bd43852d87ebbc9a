package io.v2ws;

import org.eclipse.jetty.util.thread.AutoLock;

/**
 * The half-close extension (F9): both ends announce it with one empty text message, which every other peer ignores; from
 * then on one more empty text message is the end of that side's output.
 *
 * <p>The client announces first, right behind the upgrade; the server answers an announcement that comes before any
 * data, and never sends text unasked. All fields are guarded by {@code lock}.
 */
final class HalfClose {
    private final AutoLock lock = new AutoLock();
    private final boolean client;
    private final boolean enabled;
    private final Runnable sendEmptyText;
    private boolean dataReceived;
    private boolean agreed;
    private boolean outputEnded;
    private boolean inputEnded;

    HalfClose(boolean client, boolean enabled, Runnable sendEmptyText) {
        this.client = client;
        this.enabled = enabled;
        this.sendEmptyText = sendEmptyText;
    }

    /** The WebSocket is open. */
    void announce() {
        if (client && enabled) {
            sendEmptyText.run();
        }
    }

    boolean isAgreed() {
        try (AutoLock ignored = lock.lock()) {
            return agreed;
        }
    }

    void dataReceived() {
        try (AutoLock ignored = lock.lock()) {
            dataReceived = true;
        }
    }

    /** The last write went out: tells the peer now, or as soon as it has announced that it understands. */
    void outputEnded() {
        boolean tell;
        try (AutoLock ignored = lock.lock()) {
            tell = agreed && !outputEnded;
            outputEnded = true;
        }
        if (tell) {
            sendEmptyText.run();
        }
    }

    /**
     * An empty text message came.
     *
     * @return whether it is the end of the peer's output
     */
    boolean emptyTextReceived() {
        int texts;
        try (AutoLock ignored = lock.lock()) {
            if (agreed) {
                boolean first = !inputEnded;
                inputEnded = true;
                return first;
            }
            // Only the client's very first message counts: text in the middle of a stream is somebody else's.
            if (!enabled || (!client && dataReceived)) {
                return false;
            }
            agreed = true;
            texts = (client ? 0 : 1) + (outputEnded ? 1 : 0);
        }
        for (int i = 0; i < texts; i++) {
            sendEmptyText.run();
        }
        return false;
    }
}
