package io.v2ws.cli;

import io.v2ws.config.ConfigException;
import io.v2ws.internal.net.HostName;
import io.v2ws.internal.net.HostUrl;
import io.v2ws.internal.net.Printable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.UnknownHostException;
import java.nio.file.NoSuchFileException;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns exceptions into one line for the user and an exit code. */
final class Failures {
    private static final Pattern LINK = Pattern.compile("(?i)\\b((?:vless|trojan|vmess)://)[^\\s'\",…][^\\s'\"]*");

    private static final Map<String, String> SINGULAR = Map.of(
            "--headers",
            "--header",
            "--proxy-headers",
            "--proxy-header",
            "--pinned-certificates",
            "--tls-pin",
            "--verify-names",
            "--tls-verify-name");

    private Failures() {}

    /** Handles a wrong command line. */
    static int usage(ParameterException failure, String[] args) {
        CommandLine command = failure.getCommandLine();
        command.getErr().println("v2ws: " + Printable.escape(withoutLinks(oneLine(text(failure)))));
        if (failure.getCause() instanceof ConfigException) {
            // The command line was valid, so its help would not help.
            return command.getCommandSpec().exitCodeOnInvalidInput();
        }
        UnmatchedArgumentException.printSuggestions(failure, command.getErr());
        command.getErr().println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        return command.getCommandSpec().exitCodeOnInvalidInput();
    }

    private static String text(ParameterException failure) {
        CommandLine command = failure.getCommandLine();
        boolean isCommand = failure instanceof UnmatchedArgumentException unmatched
                && !unmatched.getUnmatched().isEmpty()
                && !unmatched.getUnmatched().get(0).startsWith("-")
                && !command.getSubcommands().isEmpty();
        return isCommand
                ? "unknown command '"
                        + ((UnmatchedArgumentException) failure).getUnmatched().get(0) + "'; known are "
                        + String.join(", ", command.getSubcommands().keySet())
                : failure.getMessage();
    }

    /** Handles what a command failed with. */
    static int execution(Exception failure, CommandLine command, ParseResult parsed) {
        if (failure instanceof ParameterException usage) {
            return usage(usage, new String[0]);
        }
        Throwable cause = unwrapped(failure);
        if (Logs.isVerbose()) {
            cause.printStackTrace(command.getErr());
        }
        command.getErr().println("v2ws: " + message(cause));
        return command.getCommandSpec().exitCodeOnExecutionException();
    }

    /** Returns the message of a failure as one printable line. */
    static String message(Throwable failure) {
        Throwable cause = unwrapped(failure);
        String text = cause.getMessage();
        if (text == null || text.isBlank()) {
            return cause.getClass().getSimpleName();
        }
        if (cause instanceof UnknownHostException && !text.contains(" ")) {
            return "unknown host: " + HostName.withUnicode(Printable.escape(text), text);
        }
        if (cause instanceof NoSuchFileException || cause instanceof FileNotFoundException) {
            return "no such file: " + Printable.escape(text);
        }
        boolean says = cause instanceof IOException || cause instanceof IllegalArgumentException;
        return Printable.escape(withoutLinks(oneLine(says ? text : cause.toString())));
    }

    /** Returns the failure inside the wrappers of futures. */
    static Throwable unwrapped(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof ExecutionException || cause instanceof CompletionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    /**
     * Returns a usage error for an argument that the library refused, with the name of the option if the user gave it.
     */
    static ParameterException usage(CommandSpec spec, Exception refusal) {
        String text = String.valueOf(refusal.getMessage());
        int colon = text.indexOf(": ");
        if (colon > 0 && text.substring(0, colon).chars().allMatch(Character::isLetter)) {
            String option =
                    "--" + text.substring(0, colon).replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
            // The library has a plural name, the command line one option per value.
            String singular = SINGULAR.getOrDefault(option, option);
            if (spec.commandLine().getParseResult().hasMatchedOption(singular)) {
                text = singular + text.substring(colon);
            }
        }
        return new ParameterException(spec.commandLine(), text, refusal);
    }

    /** Removes share links, which hold credentials, and the credentials of URLs. */
    private static String withoutLinks(String text) {
        return HostUrl.masked(LINK.matcher(text).replaceAll("$1…"));
    }

    private static String oneLine(String text) {
        return text.strip().replaceAll("\\s*\\R\\s*", "; ");
    }
}
