package io.v2ws.config;

import io.v2ws.internal.net.ServerName;
import java.util.List;
import java.util.Optional;

/**
 * What a dialect says of TLS. Immutable.
 *
 * @param serverName the name to ask for and to verify; empty for the address of the server
 * @param insecure whether any certificate is accepted
 * @param alpn the protocols to offer, empty for the default
 * @param fingerprint whose handshake to imitate ({@code chrome}), as uTLS names them; v2ws itself cannot
 * @param pins the SHA-256 of the only certificates to accept, regardless of their issuers: 64 hexadecimal digits in
 *     lower case each; empty to ask the authorities
 * @param verifyNames the names to verify in place of the server name, of which one must match; empty for the server
 *     name
 */
public record TlsConfig(
        Optional<String> serverName,
        boolean insecure,
        List<String> alpn,
        Optional<String> fingerprint,
        List<String> pins,
        List<String> verifyNames) {
    /** Copies the lists. */
    public TlsConfig {
        alpn = List.copyOf(alpn);
        pins = List.copyOf(pins);
        verifyNames = List.copyOf(verifyNames);
    }

    /** Makes one without pins, that verifies the server name. */
    public TlsConfig(Optional<String> serverName, boolean insecure, List<String> alpn, Optional<String> fingerprint) {
        this(serverName, insecure, alpn, fingerprint, List.of(), List.of());
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
        try {
            return new TlsConfig(Optional.of(ServerName.parse(name)), insecure, alpn, fingerprint, pins, verifyNames);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("serverName: " + e.getMessage(), e);
        }
    }

    /** Returns the same with pins and names to verify. */
    TlsConfig withTrust(List<String> certificates, List<String> names) {
        return new TlsConfig(serverName, insecure, alpn, fingerprint, certificates, names);
    }
}
