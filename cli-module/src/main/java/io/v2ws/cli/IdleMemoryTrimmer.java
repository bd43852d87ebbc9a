package io.v2ws.cli;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.OperatingSystemMXBean;
import com.sun.management.VMOption;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import javax.management.JMException;
import javax.management.ObjectName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Returns memory to the system that the process used while it was busy, so that idle tunnels cost little.
 *
 * <p>The heap: G1 can shrink it in a concurrent cycle after a time without collections. The memory of the C library: it
 * keeps the peak of the JVM's compilers and direct buffers, some 20 MiB, until it is trimmed, which HotSpot on Linux
 * can do from JDK 17.0.9 on.
 *
 * <p>Options on the JVM's command line are not changed. On a JVM without these features, this class does nothing. Not
 * thread-safe.
 */
final class IdleMemoryTrimmer {
    /** Time between two calls of {@link #look}, in milliseconds. */
    static final long LOOK_MILLIS = 3_000;

    private static final Logger LOG = LoggerFactory.getLogger(IdleMemoryTrimmer.class);

    private static final String PERIOD = "G1PeriodicGCInterval";

    /**
     * Milliseconds without a collection after which the heap may shrink. A heap that has shrunk takes a second of load
     * to grow again, so this is longer than a usual gap in the traffic.
     */
    private static final String QUIET_MILLIS = "10000";

    /** No cycles: in a long pause they would mark an unchanged heap repeatedly. */
    private static final String NEVER = "0";

    /** Looks after which a pause is long: enough for two cycles, each at most 20 s after the last collection. */
    private static final int LONG_PAUSE = 15;

    /** Processor time since the last trim from which a trim may return memory. */
    private static final long BUSY_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    /** Less processor time than this between two looks counts as a pause. */
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS / 20);

    /** Looks without a pause after which a trim happens anyway. */
    private static final int LONG_LOAD = 20;

    private final LongSupplier processorNanos;
    private final HotSpotDiagnosticMXBean jvm = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    private final boolean periodic;
    private boolean trims = true;
    private long usedAtLook;
    private long usedAtTrim;
    /** Consecutive looks that found a pause. */
    private int paused;

    /** Consecutive looks that found no pause. */
    private int loaded;

    /** Sets the JVM's options for the heap. */
    IdleMemoryTrimmer() {
        this(ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class)::getProcessCpuTime);
    }

    /**
     * Sets the JVM's options for the heap, with another clock.
     *
     * @param processorNanos the processor time the process has used so far, in nanoseconds
     */
    IdleMemoryTrimmer(LongSupplier processorNanos) {
        this.processorNanos = processorNanos;
        boolean g1 = jvm != null
                && ManagementFactory.getGarbageCollectorMXBeans().stream()
                        .anyMatch(collector -> collector.getName().startsWith("G1"));
        periodic = g1 && isDefault(PERIOD);
        if (periodic) {
            jvm.setVMOption(PERIOD, QUIET_MILLIS);
        }
        // Free percent of the heap after a cycle. The options limit each other, so both are set or none.
        if (g1 && isDefault("MinHeapFreeRatio") && isDefault("MaxHeapFreeRatio")) {
            jvm.setVMOption("MinHeapFreeRatio", "5");
            jvm.setVMOption("MaxHeapFreeRatio", "10");
        }
    }

    private boolean isDefault(String option) {
        VMOption found = jvm.getVMOption(option);
        return found.isWriteable() && found.getOrigin() == VMOption.Origin.DEFAULT;
    }

    /** Trims in a pause, if the process was busy since the last trim. To be called every {@link #LOOK_MILLIS}. */
    void look() {
        long used = processorNanos.getAsLong();
        boolean pause = used - usedAtLook < PAUSE_NANOS;
        paused = pause ? paused + 1 : 0;
        loaded = pause ? 0 : loaded + 1;
        usedAtLook = used;
        if (trims && used - usedAtTrim >= BUSY_NANOS && (pause || loaded >= LONG_LOAD)) {
            trims = trim();
            loaded = 0;
            usedAtTrim = used;
        }
        if (periodic && paused == LONG_PAUSE) {
            jvm.setVMOption(PERIOD, NEVER);
        } else if (periodic && !pause) {
            jvm.setVMOption(PERIOD, QUIET_MILLIS);
        }
    }

    /** Trims the memory of the C library; returns whether this JVM can do that. */
    private static boolean trim() {
        try {
            Object answer = ManagementFactory.getPlatformMBeanServer()
                    .invoke(
                            new ObjectName("com.sun.management:type=DiagnosticCommand"),
                            "systemTrimNativeHeap",
                            new Object[0],
                            new String[0]);
            LOG.debug("Trimming native memory: {}", String.valueOf(answer).strip());
            return !String.valueOf(answer).contains("Not available");
        } catch (JMException unknown) {
            LOG.debug("This JVM cannot trim its native memory: {}", unknown.toString());
            return false;
        }
    }
}
