package io.v2ws.cli;

import java.io.PrintStream;

/** Standard error: the log and the program's own messages. Standard output is for data and results. */
final class Logs {
    private static final String PREFIX = "org.slf4j.simpleLogger.";
    private static volatile boolean quiet;
    private static volatile boolean verbose;

    private Logs() {}

    /** Sets the level. Must run before the first logger is created: slf4j-simple reads its properties once. */
    static void configure(boolean verbose, boolean quiet) {
        Logs.verbose = verbose;
        Logs.quiet = quiet;
        set("logFile", "System.err");
        set("showThreadName", "false");
        set("showLogName", "false");
        set("showDateTime", "true");
        set("dateTimeFormat", "HH:mm:ss");
        set("defaultLogLevel", quiet ? "error" : "warn");
        // Jetty warns twice for every unverified connection; the program warns once.
        set("log.org.eclipse.jetty.util.ssl.SslContextFactory.config", "error");
        // The server prints its tunnels itself.
        set("log.io.v2ws.server.WebSocketUpgradeFilter", quiet ? "error" : verbose ? "debug" : "warn");
        // Jetty logs its stop under this name.
        set("log.io.v2ws.server.standalone.SiteServer", quiet ? "error" : "warn");
        set("log.io.v2ws", quiet ? "error" : verbose ? "debug" : "info");
    }

    private static void set(String key, String value) {
        // Do not override system properties set by the user.
        if (System.getProperty(PREFIX + key) == null) {
            System.setProperty(PREFIX + key, value);
        }
    }

    /** Whether to print stack traces of failures. */
    static boolean isVerbose() {
        return verbose;
    }

    /** Whether to print nothing but errors. */
    static boolean isQuiet() {
        return quiet;
    }

    /** Prints a message to standard error, unless quiet. */
    static void say(String format, Object... arguments) {
        PrintStream err = System.err;
        if (!quiet) {
            err.printf("v2ws: " + format + "%n", arguments);
        }
    }
}
