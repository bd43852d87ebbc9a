package io.v2ws.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Reads the TLS of {@code streamSettings}, as Xray and v2ray 4 write it and as v2ray 5 does. */
final class V2RayTls {
    private static final String OTHER_CERTIFICATE =
            "not taken over: give certificates yourself (--tls-ca, --tls-cert, --tls-key)";

    private final Warnings warnings;

    V2RayTls(Warnings warnings) {
        this.warnings = warnings;
    }

    /**
     * The certificate of a server.
     *
     * @param certificate PEM file of the chain; empty if none is named
     * @param key PEM file of the key; present exactly if {@code certificate} is
     */
    record Files(Optional<Path> certificate, Optional<Path> key) {
        private static final Files NONE = new Files(Optional.empty(), Optional.empty());
    }

    /** Returns what is said of TLS; empty where there is none. */
    Optional<TlsConfig> read(ConfigObject stream) throws ConfigException {
        Optional<ConfigNode> security = stream.get("security");
        String kind = security.isPresent() ? security.get().asString() : "";
        if (kind.isEmpty() || kind.equalsIgnoreCase("none")) {
            warnings.addWithoutTls(stream, "tlsSettings", "securitySettings");
            return Optional.empty();
        }
        boolean five = V2Ray5.isStream(stream);
        if (!kind.equalsIgnoreCase("tls") && !(five && kind.equalsIgnoreCase("utls"))) {
            throw security.get().expected("\"tls\" or \"none\"");
        }
        Optional<ConfigObject> settings = settings(stream, kind);
        if (settings.isEmpty()) {
            return Optional.of(TlsConfig.of(Optional.empty()));
        }
        return Optional.of(five ? ofFive(settings.get()) : ofFour(settings.get()));
    }

    private TlsConfig ofFour(ConfigObject tls) throws ConfigException {
        warnings.addUnused(
                tls,
                "serverName",
                "allowInsecure",
                "alpn",
                "fingerprint",
                "certificates",
                "pinnedPeerCertSha256",
                "verifyPeerCertByName");
        return new TlsConfig(
                Scalars.serverName(tls, "serverName"),
                Scalars.flag(tls, "allowInsecure"),
                Scalars.strings(tls, "alpn"),
                Scalars.nonEmpty(tls, "fingerprint"),
                Scalars.pins(tls, "pinnedPeerCertSha256"),
                Scalars.serverNames(tls, "verifyPeerCertByName"));
    }

    private TlsConfig ofFive(ConfigObject tls) throws ConfigException {
        String chainPin = "pinnedPeerCertificateChainSha256";
        warnings.addUnused(tls, "serverName", "allowInsecure", "nextProtocol", "certificate", chainPin);
        tls.get(chainPin)
                .filter(value -> !value.isEmptyOrFalse())
                .ifPresent(value -> warnings.add(
                        value,
                        "not taken over: v2ws pins the server's own certificate (--tls-pin SHA256), not a chain; the"
                                + " certificate is verified as usual"));
        return new TlsConfig(
                Scalars.serverName(tls, "serverName"),
                Scalars.flag(tls, "allowInsecure"),
                Scalars.strings(tls, "nextProtocol"),
                Optional.empty());
    }

    /** Returns the settings; those of uTLS stand around those of TLS. */
    private Optional<ConfigObject> settings(ConfigObject stream, String kind) throws ConfigException {
        Optional<ConfigNode> settings = stream.get(V2Ray5.isStream(stream) ? "securitySettings" : "tlsSettings");
        if (settings.isEmpty() || !kind.equalsIgnoreCase("utls")) {
            return settings.isEmpty()
                    ? Optional.empty()
                    : Optional.of(settings.get().asObject());
        }
        warnings.addUnused(settings.get().asObject(), "tlsConfig");
        Optional<ConfigNode> inner = settings.get().asObject().get("tlsConfig");
        return inner.isEmpty() ? Optional.empty() : Optional.of(inner.get().asObject());
    }

    /**
     * Returns the files of the first certificate that a server shows, and warns of all others.
     *
     * @param inbound whether the settings are those of a server
     */
    Files certificate(ConfigObject stream, boolean inbound) throws ConfigException {
        boolean five = V2Ray5.isStream(stream);
        Optional<ConfigNode> settings = stream.get(five ? "securitySettings" : "tlsSettings");
        Optional<ConfigNode> list = settings.isEmpty()
                ? Optional.empty()
                : settings.get().asObject().get(five ? "certificate" : "certificates");
        Files chosen = Files.NONE;
        for (ConfigNode node : list.isPresent() ? list.get().asList() : List.<ConfigNode>of()) {
            Files files = inbound && chosen == Files.NONE ? files(node.asObject()) : Files.NONE;
            if (files == Files.NONE) {
                warnings.add(node, OTHER_CERTIFICATE);
            } else {
                chosen = files;
            }
        }
        return chosen;
    }

    private static Files files(ConfigObject certificate) throws ConfigException {
        String usage = Scalars.nonEmpty(certificate, "usage").orElse("encipherment");
        boolean files = usage.equalsIgnoreCase("encipherment")
                && certificate.get("certificateFile").isPresent()
                && certificate.get("keyFile").isPresent();
        return files
                ? new Files(Settings.path(certificate, "certificateFile"), Settings.path(certificate, "keyFile"))
                : Files.NONE;
    }
}
