package io.v2ws.bench;

import io.v2ws.testing.peers.Commands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
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
        machine.put("sing-box", SingBoxContender.VERSION);
        packaged(machine, "v2ray");
        packaged(machine, "shadowsocks-v2ray-plugin");
        return machine;
    }

    /** The version of a Debian package, if it is installed. */
    private static void packaged(Map<String, String> machine, String name) {
        try {
            machine.put(
                    name,
                    Commands.output("dpkg-query", "-W", "-f", "${Version}", name)
                            .strip());
        } catch (IOException notInstalled) {
            // Then nothing is measured of it either.
        }
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
