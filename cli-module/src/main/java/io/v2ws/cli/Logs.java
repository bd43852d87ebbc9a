package io.v2ws.cli;

import java.io.PrintStream;

/**
 * What goes to standard error: the log and the program's own messages. Standard output belongs to data and results.
 */
final class Logs {
    private static final String PREFIX = "org.slf4j.simpleLogger.";
    private static volatile boolean quiet;
    private static volatile boolean verbose;

    private Logs() {}

    /** Sets the level. Must run before the first logger is made, for slf4j-simple reads its properties once. */
    static void configure(boolean verbose, boolean quiet) {
        Logs.verbose = verbose;
        Logs.quiet = quiet;
        set("logFile", "System.err");
        set("showThreadName", "false");
        set("showLogName", "false");
        set("showDateTime", "true");
        set("dateTimeFormat", "HH:mm:ss");
        set("defaultLogLevel", quiet ? "error" : "warn");
        // Two warnings for every unverified connection; the program warns once itself.
        set("log.org.eclipse.jetty.util.ssl.SslContextFactory.config", "error");
        // What tunnels there are the server says itself.
        set("log.io.v2ws.server.WebSocketUpgradeFilter", quiet ? "error" : verbose ? "debug" : "warn");
        // Jetty says under this name that it stops.
        set("log.io.v2ws.server.standalone.SiteServer", quiet ? "error" : "warn");
        set("log.io.v2ws", quiet ? "error" : verbose ? "debug" : "info");
    }

    private static void set(String key, String value) {
        // Whoever sets a property on the command line of the JVM means it.
        if (System.getProperty(PREFIX + key) == null) {
            System.setProperty(PREFIX + key, value);
        }
    }

    /** Whether failures should come with their stack trace. */
    static boolean isVerbose() {
        return verbose;
    }

    /** Whether nothing but errors should be said. */
    static boolean isQuiet() {
        return quiet;
    }

    /** Says something on standard error, unless quiet. */
    static void say(String format, Object... arguments) {
        PrintStream err = System.err;
        if (!quiet) {
            err.printf("v2ws: " + format + "%n", arguments);
        }
    }
}
