package io.v2ws.bench;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Other programs on this machine. */
final class Tools {
    private Tools() {}

    /** Finds a program on the search path. */
    static Optional<Path> find(String name) {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .map(directory -> Path.of(directory, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /**
     * Runs a program to its end.
     *
     * @return what it wrote
     * @throws IOException if it fails, with what it wrote
     */
    static String run(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            int code = process.waitFor();
            if (code != 0) {
                throw new IOException(String.join(" ", command) + ": exit code " + code + ": " + text.strip());
            }
            return text;
        } catch (InterruptedException x) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", x);
        }
    }
}
