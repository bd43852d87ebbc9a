package io.v2ws.config;

import java.util.List;
import java.util.Optional;

/**
 * What a dialect says of TLS. Immutable.
 *
 * @param serverName the name to ask for and to verify; empty for the address of the server
 * @param insecure whether any certificate is accepted
 * @param alpn the protocols to offer, empty for the default
 * @param fingerprint whose handshake to imitate ({@code chrome}), as uTLS names them; v2ws itself cannot
 */
public record TlsConfig(
        Optional<String> serverName, boolean insecure, List<String> alpn, Optional<String> fingerprint) {
    /** Copies the list. */
    public TlsConfig {
        alpn = List.copyOf(alpn);
    }

    /** Returns verified TLS with that name. */
    public static TlsConfig of(Optional<String> serverName) {
        return new TlsConfig(serverName, false, List.of(), Optional.empty());
    }

    /**
     * Returns the same with another name.
     *
     * @throws IllegalArgumentException if it cannot be one
     */
    public TlsConfig withServerName(String name) {
        return new TlsConfig(Optional.of(LinkText.serverName(name)), insecure, alpn, fingerprint);
    }
}
