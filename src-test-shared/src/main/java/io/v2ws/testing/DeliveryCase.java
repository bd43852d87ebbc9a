package io.v2ws.testing;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * One case of {@link DeliveryCases}.
 *
 * @param end how the side that sends ends
 * @param reader how the other side reads
 * @param dataTheOtherWay whether the side that reads sends meanwhile
 */
record DeliveryCase(End end, Reader reader, boolean dataTheOtherWay) {

    /** How the end comes about. */
    enum End {
        /** An end in order without a Close frame, as mihomo's are. */
        FIN_BETWEEN_MESSAGES(false),
        /** Only with TLS. */
        FIN_WITHOUT_CLOSE_NOTIFY(true),
        FIN_INSIDE_A_FRAME(true),
        FIN_INSIDE_A_MESSAGE(true),
        RESET(true),
        CLOSE_1000(false),
        CLOSE_1011(true),
        VIOLATION(true),
        /** The peer falls silent, and keepalive gives the link up. */
        DEAD_LINK(true);

        private final boolean failure;

        End(boolean failure) {
            this.failure = failure;
        }

        /** Whether something may be missing. */
        boolean isFailure() {
            return failure;
        }

        void apply(RawWebSocketPeer peer) throws IOException {
            switch (this) {
                case FIN_BETWEEN_MESSAGES -> peer.shutdownOutput();
                case FIN_WITHOUT_CLOSE_NOTIFY -> peer.shutdownOutputBelowTls();
                case FIN_INSIDE_A_FRAME -> {
                    peer.send(peer.frame(FrameBytes.BINARY).declaredLength(100));
                    peer.shutdownOutput();
                }
                case FIN_INSIDE_A_MESSAGE -> {
                    peer.send(peer.frame(FrameBytes.BINARY).fin(false));
                    peer.shutdownOutput();
                }
                case RESET -> {
                    KernelBuffers.awaitArrived(peer.socket());
                    peer.reset();
                }
                case CLOSE_1000 -> peer.sendClose(1000, "");
                case CLOSE_1011 -> peer.sendClose(1011, "");
                case VIOLATION -> peer.send(peer.frame(3));
                case DEAD_LINK -> {
                    // Nothing more is said.
                }
            }
        }
    }

    /** How the side that gets the bytes reads them. */
    enum Reader {
        FAST,
        /** 32 KiB every 20 ms. */
        SLOW,
        /** Not for 3 s, then fast. */
        STOPPING;

        void before(long count) {
            if (this == STOPPING && count == 0) {
                LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(3));
            } else if (this == SLOW) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            }
        }
    }
}
