package io.v2ws.bench;

import io.v2ws.testing.Sockets;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** A process under measurement, with its log in a file; ended by {@link #close}. */
final class ChildProcess implements AutoCloseable {
    private static final Duration LONGEST_START = Duration.ofSeconds(30);
    private static final long PROBE_EVERY = TimeUnit.MICROSECONDS.toNanos(500);
    private static final int LOG_LINES = 5;

    /** Those that are not closed yet: when the harness is ended, they have to end as well. */
    private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> RUNNING.forEach(Process::destroy), "end-children"));
    }

    private final String name;
    private final Process process;
    private final Path log;
    private final long started;
    private final BufferedReader answers;
    private Duration startUp;

    private ChildProcess(String name, ProcessBuilder command, Path log) throws IOException {
        this.name = name;
        this.log = log;
        this.started = System.nanoTime();
        // The command line of the client takes the proxy of the environment.
        command.environment()
                .keySet()
                .removeIf(variable -> variable.toLowerCase(Locale.ROOT).endsWith("_proxy"));
        this.process = command.start();
        RUNNING.add(process);
        this.answers = command.redirectOutput() == ProcessBuilder.Redirect.PIPE ? process.inputReader() : null;
    }

    /**
     * Starts a process.
     *
     * @param name for messages and the name of the log
     * @param directory where the log goes
     */
    static ChildProcess start(String name, Path directory, List<String> command) throws IOException {
        Path log = Files.createTempFile(directory, name + "-", ".log");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        return new ChildProcess(name, builder, log);
    }

    /**
     * Starts a process that answers each line on its standard input by one on its standard output, see {@link #ask}.
     */
    static ChildProcess startTalking(String name, Path directory, List<String> command) throws IOException {
        Path log = Files.createTempFile(directory, name + "-", ".log");
        return new ChildProcess(name, new ProcessBuilder(command).redirectError(log.toFile()), log);
    }

    /**
     * Waits until somebody accepts connections on the port.
     *
     * @return this
     * @throws IOException if the process ends instead, with the end of its log, or takes too long
     */
    ChildProcess awaitListening(int port) throws IOException {
        while (true) {
            try (Socket probe = new Socket()) {
                probe.connect(Sockets.loopback(port));
                if (startUp == null) {
                    startUp = age();
                }
                return this;
            } catch (IOException notYet) {
                if (!process.isAlive()) {
                    throw new IOException(name + " ended with exit code " + process.exitValue() + logTail());
                }
                if (age().compareTo(LONGEST_START) > 0) {
                    throw new IOException(
                            name + " does not listen after " + LONGEST_START.toSeconds() + " s" + logTail());
                }
                LockSupport.parkNanos(PROBE_EVERY);
            }
        }
    }

    /** Time from the start of the process until it accepted a connection. */
    Duration startUp() {
        return startUp;
    }

    private Duration age() {
        return Duration.ofNanos(System.nanoTime() - started);
    }

    long pid() {
        return process.pid();
    }

    /** Sends a line and returns the answer. */
    String ask(String line) throws IOException {
        process.outputWriter().write(line + "\n");
        process.outputWriter().flush();
        String answer = answers.readLine();
        if (answer == null) {
            throw new IOException(name + " ended" + logTail());
        }
        return answer;
    }

    /** Resident memory in bytes. */
    long residentBytes() throws IOException {
        return statusNumber("VmRSS:") * 1024;
    }

    /** Threads of the operating system. */
    long threads() throws IOException {
        return statusNumber("Threads:");
    }

    private long statusNumber(String field) throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(pid()), "status"))) {
            String line = lines.filter(candidate -> candidate.startsWith(field))
                    .findFirst()
                    .orElseThrow(() -> new IOException("/proc/" + pid() + "/status has no " + field));
            return Long.parseLong(
                    line.substring(field.length()).replace("kB", "").strip());
        }
    }

    /** Processor time used so far, of all threads. */
    Duration cpu() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** What the process wrote last, for messages; begins with a line break, or is empty. */
    String logTail() {
        try {
            List<String> lines = Files.readAllLines(log, StandardCharsets.ISO_8859_1);
            List<String> last = lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size());
            return last.isEmpty() ? "" : "\n    " + String.join("\n    ", last);
        } catch (IOException x) {
            return "";
        }
    }

    @Override
    public void close() {
        process.destroy();
        RUNNING.remove(process);
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException x) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
