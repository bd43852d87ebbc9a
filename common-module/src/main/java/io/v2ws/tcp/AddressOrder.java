package io.v2ws.tcp;

import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.util.Comparator;
import java.util.List;

/** The order in which the addresses of a name are tried. Addresses of the same family keep the order of the system. */
public enum AddressOrder {
    /** As the system has them, by its rules of preference (RFC 6724). */
    SYSTEM,
    /** IPv4 first. */
    IPV4_FIRST,
    /** IPv6 first. */
    IPV6_FIRST;

    /** Returns the addresses in this order. */
    public List<InetSocketAddress> sort(List<InetSocketAddress> addresses) {
        return this == SYSTEM
                ? addresses
                : addresses.stream()
                        .sorted(Comparator.comparing(
                                address -> (address.getAddress() instanceof Inet6Address) != (this == IPV6_FIRST)))
                        .toList();
    }

    /**
     * Returns the order of two switches.
     *
     * @throws IllegalArgumentException if both are set
     */
    public static AddressOrder of(boolean preferIpv4, boolean preferIpv6) {
        if (preferIpv4 && preferIpv6) {
            throw new IllegalArgumentException("expected a preference for IPv4 or for IPv6, got both");
        }
        return preferIpv4 ? IPV4_FIRST : preferIpv6 ? IPV6_FIRST : SYSTEM;
    }
}
