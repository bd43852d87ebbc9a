package io.v2ws.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Names the machine and what runs on it. */
final class Machine {
    private Machine() {}

    /** What a reader has to know to compare. */
    static Map<String, String> describe() {
        Map<String, String> machine = new LinkedHashMap<>();
        machine.put("CPU", field("/proc/cpuinfo", "model name"));
        machine.put("cores", Integer.toString(Runtime.getRuntime().availableProcessors()));
        machine.put("memory", field("/proc/meminfo", "MemTotal"));
        machine.put("kernel", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        machine.put("JDK", System.getProperty("java.runtime.version"));
        machine.put("sing-box", SingBox.VERSION);
        versionOf(machine, "v2ray", "-version");
        versionOf(machine, "ss-v2ray-plugin", "-version");
        return machine;
    }

    private static void versionOf(Map<String, String> machine, String program, String option) {
        Tools.find(program).ifPresent(found -> machine.put(program, Tools.version(List.of(found.toString(), option))));
    }

    private static String field(String file, String name) {
        try (Stream<String> lines = Files.lines(Path.of(file))) {
            return lines.filter(line -> line.startsWith(name))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("unknown");
        } catch (IOException x) {
            return "unknown";
        }
    }
}
