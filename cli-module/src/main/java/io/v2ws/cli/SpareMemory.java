package io.v2ws.cli;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.OperatingSystemMXBean;
import com.sun.management.VMOption;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
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

    /**
     * After so many milliseconds without a collection the heap may shrink. A heap that has shrunk takes a second of load to
     * grow again, so this is longer than the usual gap in the traffic.
     */
    private static final String QUIET_MILLIS = "10000";

    /** Who used so much processor time since the last trim may have something to give back. */
    private static final long BUSY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** Less processor time than this between two looks is a pause. */
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS / 20);

    /** Who never pauses is trimmed every so many looks. */
    private static final int MOST_LOOKS = 20;

    private OperatingSystemMXBean process;
    private long usedAtLook;
    private long usedAtTrim;
    private int looks;

    /** Has the JVM do what it can do by itself. */
    SpareMemory() {
        try {
            letHeapShrink(ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class));
            process = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        } catch (LinkageError | RuntimeException unknown) {
            LOG.debug("This JVM cannot be asked to give memory back: {}", unknown.toString());
        }
    }

    private static void letHeapShrink(HotSpotDiagnosticMXBean jvm) {
        if (!Boolean.parseBoolean(jvm.getVMOption("UseG1GC").getValue())) {
            return;
        }
        if (isDefault(jvm, "G1PeriodicGCInterval")) {
            jvm.setVMOption("G1PeriodicGCInterval", QUIET_MILLIS);
        }
        // How much of the heap may be free behind a cycle, in percent. They bound each other: both, or none.
        if (isDefault(jvm, "MinHeapFreeRatio") && isDefault(jvm, "MaxHeapFreeRatio")) {
            jvm.setVMOption("MinHeapFreeRatio", "5");
            jvm.setVMOption("MaxHeapFreeRatio", "10");
        }
    }

    private static boolean isDefault(HotSpotDiagnosticMXBean jvm, String option) {
        VMOption found = jvm.getVMOption(option);
        return found.isWriteable() && found.getOrigin() == VMOption.Origin.DEFAULT;
    }

    /** Trims if there may be something to trim and the process has a pause. To be called every {@link #LOOK_MILLIS}. */
    void look() {
        if (process == null) {
            return;
        }
        long used = process.getProcessCpuTime();
        boolean pause = used - usedAtLook < PAUSE_NANOS;
        looks++;
        usedAtLook = used;
        if (used - usedAtTrim >= BUSY_NANOS && (pause || looks >= MOST_LOOKS)) {
            trim();
            looks = 0;
            usedAtTrim = used;
        }
    }

    private void trim() {
        try {
            ManagementFactory.getPlatformMBeanServer()
                    .invoke(
                            new ObjectName("com.sun.management:type=DiagnosticCommand"),
                            "systemTrimNativeHeap",
                            new Object[0],
                            new String[0]);
            LOG.debug("Trimmed native memory");
        } catch (JMException | RuntimeException | LinkageError unknown) {
            LOG.debug("This JVM cannot trim its native memory: {}", unknown.toString());
            process = null;
        }
    }
}
