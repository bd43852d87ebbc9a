package io.v2ws.cli;

import java.security.Security;

/**
 * Shortens the time for which the JVM keeps the result of a look-up. By default that is 30 s for addresses, and a
 * server that has moved is looked for at its old address meanwhile; for names that were not found it is 10 s. After a
 * failed connect the client looks past that cache by itself; this is for a change that no failure shows. What the user
 * has set stays.
 */
final class DnsCache {
    private static final String SECONDS = "1";
    private static final String ADDRESSES = "networkaddress.cache.ttl";
    private static final String UNKNOWN_NAMES = "networkaddress.cache.negative.ttl";

    /** What the JDK's own java.security has. */
    private static final String USUAL_FOR_UNKNOWN = "10";

    private DnsCache() {}

    /** To be called before the first look-up: the JVM reads the settings once. */
    static void shorten() {
        if (Security.getProperty(ADDRESSES) == null && System.getProperty("sun.net.inetaddr.ttl") == null) {
            Security.setProperty(ADDRESSES, SECONDS);
        }
        if (USUAL_FOR_UNKNOWN.equals(Security.getProperty(UNKNOWN_NAMES))
                && System.getProperty("sun.net.inetaddr.negative.ttl") == null) {
            Security.setProperty(UNKNOWN_NAMES, SECONDS);
        }
    }
}
