package io.v2ws.system;

import static org.awaitility.Awaitility.await;

import io.v2ws.testing.peers.FreePorts;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.core.ConditionTimeoutException;

/** A program as a process of its own, with its output in a log of the workspace. It is ended by its process only. */
final class Program implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(20);
    private static final int TRIES = 5;
    private static final Pattern PORT_TAKEN = Pattern.compile("address already in use", Pattern.CASE_INSENSITIVE);

    /** What a test run that is ended itself must not leave behind. */
    private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> RUNNING.forEach(Program::destroy), "end-of-programs"));
    }

    private final Workspace workspace;
    private final String name;
    private final Command command;
    /** What it says when it listens; null for a program that does not say so. */
    private final Pattern ready;

    private int port;
    private Process process;

    /** The command line of a program that listens on a port. */
    @FunctionalInterface
    interface Command {
        List<String> on(int port) throws IOException;
    }

    private Program(Workspace workspace, String name, Command command, Pattern ready) {
        this.workspace = workspace;
        this.name = name;
        this.command = command;
        this.ready = ready;
    }

    /**
     * Starts a program and waits until it is ready. Where another process takes the port first, it is tried on another.
     *
     * @param name of its log
     * @param command gets a port that was free a moment ago; a program that finds a port itself may ignore it
     * @param ready what it says when it listens; the first group, if it has one, is the port
     */
    static Program start(Workspace workspace, String name, Command command, Pattern ready) throws IOException {
        Program program = new Program(workspace, name, command, ready);
        for (int i = 0; i < TRIES; i++) {
            program.port = FreePorts.next();
            if (program.launch()) {
                return program;
            }
        }
        throw program.failure("found no free port in " + TRIES + " tries");
    }

    /** Starts a program that does not say when it listens, and waits until its port accepts a connection. */
    static Program startListening(Workspace workspace, String name, Command command) throws IOException {
        return start(workspace, name, command, null);
    }

    int port() {
        return port;
    }

    /** Asks it to end, with SIGTERM. */
    void terminate() {
        process.destroy();
    }

    /** Ends it with SIGKILL. */
    void kill() {
        process.destroyForcibly();
        await(name + " to be dead").pollInterval(POLL).atMost(PATIENCE).until(() -> !process.isAlive());
    }

    /** Stops it in its tracks: its connections stay open and say nothing any more. */
    void freeze() throws IOException {
        signal("-STOP");
    }

    /** Lets it go on. */
    void thaw() throws IOException {
        signal("-CONT");
    }

    /** Starts it again after {@link #kill}, on the same port. */
    void restart() {
        await(name + " to listen on port " + port + " again")
                .pollInterval(POLL)
                .atMost(PATIENCE)
                .until(this::launch);
    }

    /** Ends it, with all processes it started. */
    @Override
    public void close() {
        destroy(process);
        kill();
    }

    /** The process first: nginx and others replace a worker that ends. */
    private static void destroy(Process process) {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
    }

    /** Launches it; false if the port is taken. */
    private boolean launch() throws IOException {
        long before = Files.exists(workspace.log(name)) ? Files.size(workspace.log(name)) : 0;
        process = new ProcessBuilder(command.on(port))
                .directory(workspace.folder().toFile())
                .redirectErrorStream(true)
                .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(Redirect.appendTo(workspace.log(name).toFile()))
                .start();
        RUNNING.add(process);
        process.onExit().thenAccept(RUNNING::remove);
        try {
            await(name + " to be ready")
                    .pollInterval(POLL)
                    .atMost(PATIENCE)
                    .until(() -> !process.isAlive() || isReady(before));
        } catch (ConditionTimeoutException x) {
            close();
            throw failure("was not ready in " + PATIENCE.toSeconds() + " s");
        }
        if (isReady(before)) {
            return true;
        }
        if (!PORT_TAKEN.matcher(workspace.said(name, before)).find()) {
            throw failure("ended with " + process.exitValue());
        }
        return false;
    }

    /** Whether it listens; takes over the port that it said. */
    private boolean isReady(long before) throws IOException {
        if (ready == null) {
            return process.isAlive() && listens(port);
        }
        Matcher matcher = ready.matcher(workspace.said(name, before));
        if (!matcher.find()) {
            return false;
        }
        port = matcher.groupCount() > 0 ? Integer.parseInt(matcher.group(1)) : port;
        return true;
    }

    private static boolean listens(int port) {
        try (Socket probe = new Socket(InetAddress.getByName("127.0.0.1"), port)) {
            return probe.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    private void signal(String signal) throws IOException {
        Process kill = new ProcessBuilder("sh", "-c", "kill " + signal + " " + process.pid()).start();
        try {
            if (kill.waitFor() != 0) {
                throw failure("could not be sent " + signal);
            }
        } catch (InterruptedException x) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", x);
        }
    }

    private IOException failure(String what) {
        workspace.keep();
        return new IOException(name + " " + what + ", see " + workspace.log(name));
    }
}
