package io.v2ws.testing;

import java.time.Duration;

/**
 * What the end under test is configured with, in the words of the wire contract; times short enough for a test are set
 * by the rule that needs them. Immutable.
 *
 * @param halfClose whether it offers half-close
 * @param pingInterval keepalive; zero is off, the default here so that no ping mixes with what a rule counts
 * @param pongTimeout keepalive
 * @param closeTimeout wait for the peer's Close
 * @param closeWriteTimeout wait for the last writes
 * @param linger of a relay whose peer knows no half-close
 * @param receiveBuffer of the raw peer, bytes; 0 for the system's default
 * @param announcedInKey whether the raw peer, as client, announces half-close in its key
 */
public record FrameOptions(
        boolean halfClose,
        Duration pingInterval,
        Duration pongTimeout,
        Duration closeTimeout,
        Duration closeWriteTimeout,
        Duration linger,
        int receiveBuffer,
        boolean announcedInKey) {

    /** Small enough that a peer that does not read stalls the far writer soon. */
    public static final int SMALL_BUFFER = 8 * 1024;

    /** The defaults of the contract, without keepalive. */
    public static FrameOptions defaults() {
        return new FrameOptions(
                true,
                Duration.ZERO,
                Duration.ofSeconds(20),
                Duration.ofSeconds(5),
                Duration.ofSeconds(15),
                Duration.ofSeconds(5),
                0,
                false);
    }

    /** Switches half-close off. */
    public FrameOptions withoutHalfClose() {
        return new FrameOptions(
                false,
                pingInterval,
                pongTimeout,
                closeTimeout,
                closeWriteTimeout,
                linger,
                receiveBuffer,
                announcedInKey);
    }

    /** Sets both times of keepalive, in milliseconds. */
    public FrameOptions keepalive(long interval, long timeout) {
        return new FrameOptions(
                halfClose,
                Duration.ofMillis(interval),
                Duration.ofMillis(timeout),
                closeTimeout,
                closeWriteTimeout,
                linger,
                receiveBuffer,
                announcedInKey);
    }

    /** Sets the wait for the peer's Close, in milliseconds. */
    public FrameOptions closeTimeout(long millis) {
        return new FrameOptions(
                halfClose,
                pingInterval,
                pongTimeout,
                Duration.ofMillis(millis),
                closeWriteTimeout,
                linger,
                receiveBuffer,
                announcedInKey);
    }

    /** Sets the wait for the last writes, in milliseconds. */
    public FrameOptions closeWriteTimeout(long millis) {
        return new FrameOptions(
                halfClose,
                pingInterval,
                pongTimeout,
                closeTimeout,
                Duration.ofMillis(millis),
                linger,
                receiveBuffer,
                announcedInKey);
    }

    /** Sets the linger, in milliseconds. */
    public FrameOptions linger(long millis) {
        return new FrameOptions(
                halfClose,
                pingInterval,
                pongTimeout,
                closeTimeout,
                closeWriteTimeout,
                Duration.ofMillis(millis),
                receiveBuffer,
                announcedInKey);
    }

    /** Gives the raw peer a small receive buffer. */
    public FrameOptions smallBuffer() {
        return new FrameOptions(
                halfClose,
                pingInterval,
                pongTimeout,
                closeTimeout,
                closeWriteTimeout,
                linger,
                SMALL_BUFFER,
                announcedInKey);
    }

    /** Lets the raw peer, as client, announce half-close in its key. */
    public FrameOptions inKey() {
        return new FrameOptions(
                halfClose, pingInterval, pongTimeout, closeTimeout, closeWriteTimeout, linger, receiveBuffer, true);
    }
}
