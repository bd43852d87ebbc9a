package io.v2ws.server;

import io.v2ws.internal.net.HostName;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** The hosts a tunnel answers to (S12). An empty list accepts every request. */
final class HostList {
    private final Set<String> hosts;

    HostList(Collection<String> hosts) {
        this.hosts = hosts.stream().map(HostList::normalize).collect(Collectors.toUnmodifiableSet());
    }

    /** Returns whether the {@code Host} header of a request names one of the hosts. The port is ignored. */
    boolean accepts(List<String> header) {
        return hosts.isEmpty() || (header.size() == 1 && hosts.contains(normalize(header.get(0))));
    }

    /**
     * Returns a host in lower case, without port, brackets of an IPv6 address and the dot at the end of a name; an
     * international name in ASCII, as clients send it.
     */
    private static String normalize(String host) {
        String name = host.trim().toLowerCase(Locale.ROOT);
        int bracket = name.indexOf(']');
        if (name.startsWith("[") && bracket > 0) {
            return name.substring(1, bracket);
        }
        int colon = name.indexOf(':');
        return ascii(colon >= 0 && colon == name.lastIndexOf(':') ? name.substring(0, colon) : name);
    }

    private static String ascii(String name) {
        try {
            return HostName.withoutDot(HostName.parse(name)).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException notAName) {
            // A stranger's header may have anything.
            return name;
        }
    }
}
