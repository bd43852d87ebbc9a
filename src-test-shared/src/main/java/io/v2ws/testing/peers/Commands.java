package io.v2ws.testing.peers;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Commands that say something and end. */
public final class Commands {
    private Commands() {}

    /** Runs a command and returns all it says. */
    public static String output(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException(List.of(command) + " ended with " + process.exitValue() + ": " + output);
            }
        } catch (InterruptedException x) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", x);
        }
        return output;
    }

    /** Returns the first group of a pattern in what a command says. */
    public static String firstMatch(Pattern pattern, String... command) throws IOException {
        String output = output(command);
        Matcher matcher = pattern.matcher(output);
        if (!matcher.find()) {
            throw new IOException("Expected " + pattern + " from " + List.of(command) + " but was: " + output);
        }
        return matcher.group(1);
    }
}
