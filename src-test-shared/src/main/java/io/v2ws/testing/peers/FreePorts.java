package io.v2ws.testing.peers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ports for programs that cannot be told to find one. They are below the range from which systems take the ports of
 * outgoing connections, so that only another listener could take one away.
 */
public final class FreePorts {
    private static final int FIRST = 18_000;
    private static final int COUNT = 14_000;
    private static final AtomicInteger NEXT =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(COUNT));

    private FreePorts() {}

    /** Returns a port on which nobody listens now, another one each time. */
    public static int next() throws IOException {
        IOException last = null;
        for (int tries = 0; tries < COUNT; tries++) {
            int port = FIRST + Math.floorMod(NEXT.getAndIncrement(), COUNT);
            try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1"))) {
                return probe.getLocalPort();
            } catch (IOException taken) {
                last = taken;
            }
        }
        throw new IOException("no free port from " + FIRST + " to " + (FIRST + COUNT - 1), last);
    }
}
