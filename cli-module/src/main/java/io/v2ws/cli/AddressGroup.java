package io.v2ws.cli;

import io.v2ws.tcp.AddressOrder;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Options of the order in which the addresses of a name are tried. */
final class AddressGroup {
    @Option(
            names = "--prefer-ipv4",
            description = "Try the IPv4 addresses of a name first. Default: the system's order.")
    private boolean preferIpv4;

    @Option(
            names = "--prefer-ipv6",
            description = "Try the IPv6 addresses of a name first. Default: the system's order.")
    private boolean preferIpv6;

    /**
     * Returns the order to use.
     *
     * @param file from the file; what is given on the command line wins
     * @throws IllegalArgumentException if the options contradict each other
     */
    AddressOrder order(Optional<AddressOrder> file) {
        if (preferIpv4 && preferIpv6) {
            throw new IllegalArgumentException("--prefer-ipv4 and --prefer-ipv6 contradict each other");
        }
        return preferIpv4 || preferIpv6 ? AddressOrder.of(preferIpv4, preferIpv6) : file.orElse(AddressOrder.SYSTEM);
    }
}
