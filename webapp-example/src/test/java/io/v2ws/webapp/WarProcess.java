package io.v2ws.webapp;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The packed WAR in a process of its own, configured by the environment alone. */
final class WarProcess implements AutoCloseable {
    private final Process process;
    private final Path log;
    private final int port;

    /**
     * Starts it and waits until it serves.
     *
     * @param folder for temporary files
     */
    WarProcess(Path folder, Map<String, String> environment) throws IOException {
        log = folder.resolve("log.txt");
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dwar=" + System.getProperty("war"),
                "-cp",
                System.getProperty("java.class.path"),
                WarProcess.class.getName(),
                folder.toString());
        builder.environment().keySet().removeIf(name -> name.startsWith("V2WS_"));
        builder.environment().putAll(environment);
        process = builder.redirectError(log.toFile()).start();
        BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = output.readLine();
        if (line == null) {
            throw new IOException("the WAR did not start: " + log());
        }
        port = Integer.parseInt(line);
    }

    /** Deploys the WAR, prints the port, and serves until the input ends. */
    public static void main(String[] args) throws Exception {
        try (DeployedWar war = new DeployedWar(Path.of(args[0]), Map.of())) {
            System.out.println(war.port());
            System.in.readAllBytes();
        }
    }

    int port() {
        return port;
    }

    String log() throws IOException {
        return Files.readString(log);
    }

    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        process.onExit().join();
    }
}
