package io.v2ws.config;

import io.v2ws.tcp.AddressOrder;
import java.util.Optional;

/** The keys of the order of addresses in v2ws's own files. */
final class AddressOrderKeys {
    static final String IPV4 = "prefer_ipv4";
    static final String IPV6 = "prefer_ipv6";

    private AddressOrderKeys() {}

    /** Returns what the file says; empty if it has none of the keys. */
    static Optional<AddressOrder> read(ConfigObject object) throws ConfigException {
        Optional<ConfigNode> ipv4 = object.get(IPV4);
        Optional<ConfigNode> ipv6 = object.get(IPV6);
        if (ipv4.isEmpty() && ipv6.isEmpty()) {
            return Optional.empty();
        }
        boolean first = Scalars.flag(object, IPV4);
        boolean second = Scalars.flag(object, IPV6);
        if (first && second) {
            throw ipv6.orElseThrow().errorAtKey("expected " + IPV4 + " or " + IPV6 + ", got both");
        }
        return Optional.of(AddressOrder.of(first, second));
    }
}
