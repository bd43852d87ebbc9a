package io.v2ws.internal.websocket;

/**
 * The half-close extension (F9): the client announces it in the handshake, the server answers with one empty text
 * message before its first data; from then on an empty text message is the end of that side's output.
 *
 * <p>Neither sends a frame the other did not ask for: a peer that does not know half-close may have closed TCP by the
 * time a frame arrives that it has no use for, and then loses what it had not sent yet. A client that cannot choose its
 * key may announce with an empty text message of its own, before any data. All fields are guarded by this
 * object's monitor, which costs no memory.
 */
final class HalfClose {
    private final Role role;
    private final boolean enabled;
    private final Runnable sendEmptyText;
    private final Runnable sendClose;
    private boolean dataReceived;
    private boolean agreed;
    private boolean outputEnded;
    private boolean inputEnded;

    /**
     * Makes the state of one stream.
     *
     * @param offered whether the upgrade request announced it; a server's concern
     * @param sendClose in the place of an end of the output behind that of the input: it says the same, and is due next
     */
    HalfClose(Role role, boolean enabled, boolean offered, Runnable sendEmptyText, Runnable sendClose) {
        this.role = role;
        this.enabled = enabled;
        this.sendEmptyText = sendEmptyText;
        this.sendClose = sendClose;
        this.agreed = role == Role.SERVER && enabled && offered;
    }

    /** The WebSocket is open, nothing was sent yet: answers what the handshake announced. */
    void start() {
        if (isAgreed()) {
            sendEmptyText.run();
        }
    }

    boolean isAgreed() {
        synchronized (this) {
            return agreed;
        }
    }

    void dataReceived() {
        synchronized (this) {
            dataReceived = true;
        }
    }

    /** The last write went out: tells the peer now, or as soon as it has announced that it understands. */
    void outputEnded() {
        boolean tell;
        boolean both;
        synchronized (this) {
            tell = agreed && !outputEnded;
            both = inputEnded;
            outputEnded = true;
        }
        if (tell) {
            (both ? sendClose : sendEmptyText).run();
        }
    }

    /**
     * An empty text message came.
     *
     * @return whether it is the end of the peer's output
     */
    boolean emptyTextReceived() {
        boolean isAnnouncement;
        boolean isEnd = false;
        boolean wasEnded;
        synchronized (this) {
            isAnnouncement = !agreed;
            wasEnded = outputEnded;
            if (!isAnnouncement) {
                isEnd = !inputEnded;
                inputEnded = true;
            } else if (!enabled || (role == Role.SERVER && dataReceived)) {
                // Of a client only the very first message counts: text in the middle of a stream is somebody else's.
                return false;
            }
            agreed = true;
        }
        if (isAnnouncement) {
            int texts = (role == Role.CLIENT ? 0 : 1) + (wasEnded ? 1 : 0);
            for (int i = 0; i < texts; i++) {
                sendEmptyText.run();
            }
        } else if (isEnd && wasEnded) {
            // The ends of both outputs were on their way at the same time, so neither was sent as a Close.
            sendClose.run();
        }
        return isEnd;
    }
}
