package io.v2ws.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The program as a process of its own, from the classes under test. */
final class CliProcess implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Pattern LISTENING = Pattern.compile("listening on \\S+:(\\d+)");

    private final Process process;
    private final StringBuffer err = new StringBuffer();
    private final Thread reader;

    private CliProcess(Process process) {
        this.process = process;
        this.reader = new Thread(this::collect, "cli-stderr");
        reader.start();
    }

    /** Starts it on a JVM that is quick to start. */
    static CliProcess start(String... arguments) throws IOException {
        return startWith(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"), arguments);
    }

    /** Starts it with further variables of the environment. */
    static CliProcess startIn(Map<String, String> environment, String... arguments) throws IOException {
        return startWith(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"), environment, arguments);
    }

    /** Starts it on a JVM with these options; arguments that begin with -D go there too. */
    static CliProcess startWith(List<String> jvmOptions, String... arguments) throws IOException {
        return startWith(jvmOptions, Map.of(), arguments);
    }

    private static CliProcess startWith(List<String> jvmOptions, Map<String, String> environment, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmOptions);
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        // Options of the JVM go before the program.
        for (String argument : arguments) {
            if (argument.startsWith("-D")) {
                command.add(argument);
            }
        }
        command.add(Main.class.getName());
        for (String argument : arguments) {
            if (!argument.startsWith("-D")) {
                command.add(argument);
            }
        }
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        return new CliProcess(builder.start());
    }

    private void collect() {
        try (var lines = new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                err.append(line).append('\n');
            }
        } catch (IOException ended) {
            // With the process.
        }
    }

    /** Waits until standard error has what the pattern says. */
    MatchResult awaitError(Pattern pattern) {
        await("standard error to have " + pattern).atMost(PATIENCE).until(() -> {
            assertThat(process.isAlive()
                            || reader.isAlive()
                            || pattern.matcher(err).find())
                    .as("ended with: " + err)
                    .isTrue();
            return pattern.matcher(err).find();
        });
        Matcher matcher = pattern.matcher(err);
        assertThat(matcher.find()).isTrue();
        return matcher.toMatchResult();
    }

    /** Waits for the first line of serve and forward. */
    int awaitPort() {
        return Integer.parseInt(awaitError(LISTENING).group(1));
    }

    long pid() {
        return process.pid();
    }

    OutputStream stdin() {
        return process.getOutputStream();
    }

    InputStream stdout() {
        return process.getInputStream();
    }

    String stdoutText() throws IOException {
        return new String(stdout().readAllBytes(), StandardCharsets.UTF_8);
    }

    /** What came on standard error; complete once the process has ended. */
    String stderr() {
        return err.toString();
    }

    /** Sends SIGTERM. */
    CliProcess terminate() {
        // Process.destroy() would close its streams as well.
        process.toHandle().destroy();
        return this;
    }

    int exitCode() throws InterruptedException {
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .as("the process ends; standard error: " + err)
                .isTrue();
        reader.join();
        return process.exitValue();
    }

    @Override
    public void close() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
        reader.join();
    }
}
