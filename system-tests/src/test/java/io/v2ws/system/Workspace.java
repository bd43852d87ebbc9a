package io.v2ws.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The files of the processes of one combination: configurations and logs. They stay only if something failed. */
final class Workspace implements AutoCloseable {
    private final Path folder;
    private boolean kept;

    private Workspace(Path folder) {
        this.folder = folder;
    }

    /** Makes an empty one below {@code target}; what an earlier run left in its place is deleted. */
    static Workspace of(String title) throws IOException {
        Path all = Path.of(System.getProperty("v2ws.workspaces"));
        Workspace workspace = new Workspace(all.resolve(title.replaceAll("[^A-Za-z0-9.]+", "-")));
        workspace.delete();
        Files.createDirectories(workspace.folder);
        return workspace;
    }

    Path folder() {
        return folder;
    }

    Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    Path log(String program) {
        return folder.resolve(program + ".log");
    }

    /** What a program said from a position of its log on. */
    String said(String program, long from) throws IOException {
        byte[] all = Files.readAllBytes(log(program));
        return new String(all, (int) from, all.length - (int) from, StandardCharsets.UTF_8);
    }

    /** Keeps the files. */
    void keep() {
        kept = true;
    }

    @Override
    public void close() throws IOException {
        if (!kept) {
            delete();
        }
    }

    private void delete() throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        List<Path> files;
        try (Stream<Path> found = Files.walk(folder)) {
            files = found.sorted(Comparator.reverseOrder()).toList();
        } catch (UncheckedIOException x) {
            throw x.getCause();
        }
        for (Path file : files) {
            Files.deleteIfExists(file);
        }
    }
}
