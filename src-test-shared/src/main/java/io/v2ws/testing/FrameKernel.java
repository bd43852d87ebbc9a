package io.v2ws.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** Looks into the kernel's socket buffers (Linux), so that a test can chop a frame exactly where it wants to. */
public final class FrameKernel {

    private FrameKernel() {}

    /** Waits until the far end of a loopback connection has taken every byte that was sent to it. */
    public static void awaitTaken(Socket near) {
        String ends = String.format(":%04X ", near.getPort());
        String other = String.format(":%04X ", near.getLocalPort());
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!isTaken(ends, other)) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("Expected the far end to read but bytes were left in the kernel");
            }
            LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(100));
        }
    }

    /** The far end's line says what it has not read; a far end that is gone has none. */
    private static boolean isTaken(String local, String remote) {
        // Java's sockets are in the first of these, as a rule; the kernel takes milliseconds to write either.
        return Stream.of("/proc/net/tcp6", "/proc/net/tcp")
                .flatMap(FrameKernel::lines)
                .filter(line -> line.contains(local) && line.contains(remote))
                .map(line -> line.trim().split(" +"))
                .filter(words -> (words[1] + " ").endsWith(local) && (words[2] + " ").endsWith(remote))
                .findFirst()
                .map(words -> words[4].endsWith(":00000000"))
                .orElse(true);
    }

    private static Stream<String> lines(String file) {
        try {
            return Files.readAllLines(Path.of(file)).stream().skip(1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
