package io.v2ws.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.opentest4j.TestAbortedException;

/**
 * Writes the results of the tests into a copy of {@code docs/interop.md}, and fails if it differs from the original in
 * more than versions. Adds to the message of a failed test where the logs are.
 */
final class InteropReport implements TestExecutionExceptionHandler, AfterEachCallback, AfterAllCallback {
    private static final Map<Row, Outcome> OUTCOMES = new LinkedHashMap<>();

    /** A test of a row of the table. */
    interface Reported {
        Row row();

        Workspace workspace();
    }

    private static final class Outcome {
        private final String version;
        private final List<String> failed = new ArrayList<>();
        private int tests;

        Outcome(String version) {
            this.version = version;
        }

        String text() {
            if (tests == 0) {
                return "**did not start**";
            }
            return failed.isEmpty() ? "all " + tests + " passed" : "**failed**: " + String.join(", ", failed);
        }
    }

    /** Says that the tests of a row begin; if none follows, it did not start. */
    static void starts(Row row, String version) {
        OUTCOMES.putIfAbsent(row, new Outcome(version));
    }

    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        if (failure instanceof TestAbortedException) {
            throw failure;
        }
        Workspace workspace = reported(context).workspace();
        workspace.keep();
        throw new AssertionError(failure.getMessage() + "\nThe logs are in " + workspace.folder(), failure);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        Optional<Throwable> failure = context.getExecutionException();
        if (failure.filter(TestAbortedException.class::isInstance).isPresent()) {
            return;
        }
        Outcome outcome = OUTCOMES.get(reported(context).row());
        outcome.tests++;
        if (failure.isPresent()) {
            outcome.failed.add(context.getRequiredTestMethod().getName());
        }
    }

    @Override
    public void afterAll(ExtensionContext context) throws IOException {
        Map<Row, String> lines = new LinkedHashMap<>();
        OUTCOMES.forEach((row, outcome) -> lines.put(row, row.line(outcome.version, outcome.text())));
        Path original = Path.of(System.getProperty("v2ws.interop"));
        Path copy = Path.of(System.getProperty("v2ws.interop.copy"));
        String before = Files.readString(original);
        String after = InteropTable.update(before, Matrix.rows(), lines);
        Files.writeString(copy, after);
        if (!InteropTable.withoutVersions(before).equals(InteropTable.withoutVersions(after))) {
            throw new AssertionError("Expected the results to be those of docs/interop.md but they differ: see " + copy
                    + " and, if it is right, copy it to " + original);
        }
    }

    private static Reported reported(ExtensionContext context) {
        return (Reported) context.getRequiredTestInstance();
    }
}
