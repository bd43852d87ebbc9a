package io.v2ws.config;

import java.util.ArrayList;
import java.util.List;

/** What a client of v2ws does not do of what was read. */
final class ClientWarnings {
    private ClientWarnings() {}

    /**
     * Returns the warnings of the reading and those of its use by a client.
     *
     * @param leads whether the client goes to the server of the reading
     */
    static List<String> of(ConfigReading reading, boolean leads) {
        List<String> warnings = new ArrayList<>(reading.warnings());
        if (!leads) {
            return warnings;
        }
        reading.tunnel().tls().ifPresent(tls -> {
            tls.fingerprint()
                    .filter(whose -> !whose.equalsIgnoreCase("none"))
                    .ifPresent(whose -> warnings.add(
                            "fingerprint: not used: v2ws cannot imitate another program's TLS, it has Java's"));
            if (!tls.alpn().isEmpty() && !tls.alpn().equals(List.of("http/1.1"))) {
                warnings.add("alpn: not used: v2ws offers http/1.1, which WebSockets need");
            }
        });
        reading.tunnel()
                .account()
                .ifPresent(account -> warnings.add("the " + account.protocol()
                        + " account is not used: the tunnel carries plain bytes, and the far end's service speaks "
                        + account.protocol()));
        return warnings;
    }
}
