package io.v2ws.examples.desktop;

/** The threads of clients, and of servers of this process. */
final class ClientThreads {
    private ClientThreads() {}

    static long count() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("v2ws"))
                .count();
    }
}
