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
 * Gives memory back to the system that the process needed while it was busy, so that idle tunnels cost little.
 *
 * <p>There are two kinds. The heap: G1 shrinks it by itself, if asked to, in a concurrent cycle once there has been nothing to
 * collect for a while. The memory of the C library: that keeps what the JVM's compilers and direct buffers needed at their
 * peak, some 20 MiB, until it is trimmed; HotSpot on Linux can do that, from JDK 17.0.9 on.
 *
 * <p>What is set on the JVM's command line stays as it is. Where a JVM has none of all this, nothing happens. For one thread.
 */
final class SpareMemory {
    /** Between two looks, in milliseconds. */
    static final long LOOK_MILLIS = 3_000;

    private static final Logger LOG = LoggerFactory.getLogger(SpareMemory.class);

    private static final String PERIOD = "G1PeriodicGCInterval";

    /**
     * After so many milliseconds without a collection the heap may shrink. A heap that has shrunk takes a second of load to
     * grow again, so this is longer than the usual gap in the traffic.
     */
    private static final String QUIET_MILLIS = "10000";

    /** No cycles: in a long pause they would mark the same heap again and again. */
    private static final String NEVER = "0";

    /** Looks after which a pause is long: time for two cycles, at most 20 s after the last collection each. */
    private static final int LONG_PAUSE = 15;

    /** Who used so much processor time since the last trim may have something to give back. */
    private static final long BUSY_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    /** Less processor time than this between two looks is a pause. */
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS / 20);

    /** Who does not pause is trimmed after so many looks. */
    private static final int LONG_LOAD = 20;

    private final LongSupplier processorNanos;
    private final HotSpotDiagnosticMXBean jvm = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    private final boolean periodic;
    private boolean trims = true;
    private long usedAtLook;
    private long usedAtTrim;
    /** Looks in a row that found a pause, and that found none. */
    private int paused;

    private int loaded;

    /** Has this JVM do what it can do by itself. */
    SpareMemory() {
        this(ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class)::getProcessCpuTime);
    }

    /**
     * As above, with another clock.
     *
     * @param processorNanos the processor time the process has used so far, in nanoseconds
     */
    SpareMemory(LongSupplier processorNanos) {
        this.processorNanos = processorNanos;
        boolean g1 = jvm != null
                && ManagementFactory.getGarbageCollectorMXBeans().stream()
                        .anyMatch(collector -> collector.getName().startsWith("G1"));
        periodic = g1 && isDefault(PERIOD);
        if (periodic) {
            jvm.setVMOption(PERIOD, QUIET_MILLIS);
        }
        // How much of the heap may be free behind a cycle, in percent. They bound each other: both, or none.
        if (g1 && isDefault("MinHeapFreeRatio") && isDefault("MaxHeapFreeRatio")) {
            jvm.setVMOption("MinHeapFreeRatio", "5");
            jvm.setVMOption("MaxHeapFreeRatio", "10");
        }
    }

    private boolean isDefault(String option) {
        VMOption found = jvm.getVMOption(option);
        return found.isWriteable() && found.getOrigin() == VMOption.Origin.DEFAULT;
    }

    /** Trims in a pause what there may be to trim. To be called every {@link #LOOK_MILLIS}. */
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

    /** Returns whether that is possible here. */
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
