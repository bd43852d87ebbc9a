package io.v2ws.bench;

import java.io.Closeable;
import java.io.IOException;

/** Threads of the load generator; they end with the channels they work on. */
final class Threads {
    /** Work that may end with its channel. */
    interface Work {
        void run() throws IOException;
    }

    private Threads() {}

    static Thread start(String name, Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException ended) {
                        // With its channel.
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    static void close(Closeable closeable) {
        try {
            closeable.close();
        } catch (IOException gone) {
            // It is gone, which is what was wanted.
        }
    }
}
