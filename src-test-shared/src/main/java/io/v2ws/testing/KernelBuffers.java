package io.v2ws.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Looks into the kernel's socket buffers, so that a test need not guess when bytes have come. It needs
 * {@code /proc/net/tcp} of Linux; a test that calls it elsewhere is skipped.
 */
public final class KernelBuffers {

    private KernelBuffers() {}

    /** Waits until the far end of a loopback connection has taken every byte that was sent to it. */
    public static void awaitTaken(Socket near) {
        // The far end's line says what it has not read; a far end that is gone has none.
        await(near.getPort(), near.getLocalPort(), queues -> queues.endsWith(":00000000"));
    }

    /**
     * Waits until everything sent, and the end if this side was closed, lies in the kernel of the far end: on a busy
     * machine that is later than the call that sent it.
     */
    public static void awaitArrived(Socket near) {
        await(near.getLocalPort(), near.getPort(), queues -> queues.startsWith("00000000:"));
    }

    /** Whether this system tells; threads that are not a test's own have to ask first, as they cannot skip it. */
    public static boolean canBeRead() {
        return Files.isReadable(Path.of("/proc/net/tcp"));
    }

    private static void await(int localPort, int remotePort, Predicate<String> expected) {
        assumeTrue(canBeRead(), "needs /proc/net/tcp of Linux");
        String local = String.format(":%04X ", localPort);
        String remote = String.format(":%04X ", remotePort);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!queues(local, remote).map(expected::test).orElse(true)) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("Expected the kernel's buffers to be empty but bytes were left in them");
            }
            LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(100));
        }
    }

    /** What the kernel says of a socket: bytes not acknowledged, a colon, bytes not read, both in hex. */
    private static Optional<String> queues(String local, String remote) {
        // Java's sockets are in the first of these, as a rule; the kernel takes milliseconds to write either.
        return Stream.of("/proc/net/tcp6", "/proc/net/tcp")
                .flatMap(KernelBuffers::lines)
                .filter(line -> line.contains(local) && line.contains(remote))
                .map(line -> line.trim().split(" +"))
                .filter(words -> (words[1] + " ").endsWith(local) && (words[2] + " ").endsWith(remote))
                .map(words -> words[4])
                .findFirst();
    }

    private static Stream<String> lines(String file) {
        try {
            return Files.readAllLines(Path.of(file)).stream().skip(1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
