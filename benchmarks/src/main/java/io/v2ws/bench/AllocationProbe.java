package io.v2ws.bench;

import com.sun.management.ThreadMXBean;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * Runs v2ws and answers every line on standard input by the number of bytes that its threads have allocated on the heap
 * until then.
 */
final class AllocationProbe {
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    /** What each thread had allocated when last seen: those that have ended count too. */
    private final Map<Long, Long> allocated = new HashMap<>();

    private AllocationProbe() {}

    /** Runs {@code v2ws} with the same arguments. */
    public static void main(String[] arguments) {
        // Answers only: whatever the program says goes to the log.
        PrintStream answers = System.out;
        System.setOut(System.err);
        Threads.start("allocation-probe", () -> new AllocationProbe().answer(answers));
        io.v2ws.cli.Main.main(arguments);
    }

    private void answer(PrintStream answers) throws IOException {
        var questions = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        while (questions.readLine() != null) {
            answers.println(allocated());
            answers.flush();
        }
    }

    private long allocated() {
        long[] ids = threads.getAllThreadIds();
        long[] bytes = threads.getThreadAllocatedBytes(ids);
        for (int i = 0; i < ids.length; i++) {
            if (bytes[i] >= 0 && ids[i] != Thread.currentThread().getId()) {
                allocated.put(ids[i], bytes[i]);
            }
        }
        return allocated.values().stream().mapToLong(Long::longValue).sum();
    }
}
