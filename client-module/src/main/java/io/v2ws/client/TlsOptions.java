package io.v2ws.client;

import io.v2ws.internal.net.ServerName;
import io.v2ws.internal.tls.CertificatePins;
import io.v2ws.internal.tls.PemFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.Provider;
import java.util.List;
import java.util.function.Function;

/**
 * How a client speaks TLS ({@code wss}). Immutable; made by {@link #builder()}.
 *
 * @param trustStore the certificates to trust; null (the default) for the JVM's own
 * @param keyStore the client's certificate and key; null (the default) for none
 * @param keyPassword the password of the key; null where there is no key
 * @param serverName the name sent (SNI) and verified, in ASCII; null (the default) for the host of the URL
 * @param alpn the protocols offered, in order; default {@code http/1.1}; empty offers none
 * @param insecureSkipVerify whether any certificate will do: encryption without knowing with whom. Default false; without
 *     effect beside pinned certificates
 * @param pinnedCertificates the SHA-256 of the only certificates to accept, whoever signed them, 64 hexadecimal digits in
 *     lower case each; empty (the default) to ask the authorities
 * @param verifyNames the names to verify in place of the name that is sent, of which one must match, in ASCII; empty (the
 *     default) for the name that is sent
 * @param provider what does the TLS, Conscrypt for instance; null (the default) for the JVM's own
 */
public record TlsOptions(
        KeyStore trustStore,
        KeyStore keyStore,
        String keyPassword,
        String serverName,
        List<String> alpn,
        boolean insecureSkipVerify,
        List<String> pinnedCertificates,
        List<String> verifyNames,
        Provider provider) {

    /**
     * Copies the lists, and brings names and pins into the form described above.
     *
     * @throws IllegalArgumentException naming the argument if a name or pin cannot be one, or the provider does no TLS
     */
    public TlsOptions {
        if (provider != null && provider.getService("SSLContext", "TLS") == null) {
            throw new IllegalArgumentException(
                    "provider: expected one with an SSLContext for TLS, got " + provider.getName() + " without");
        }
        alpn = List.copyOf(alpn);
        serverName = serverName == null ? null : checked("serverName", serverName, ServerName::parse);
        pinnedCertificates = pinnedCertificates.stream()
                .flatMap(text -> checked("pinnedCertificates", text, CertificatePins::parse).stream())
                .distinct()
                .toList();
        verifyNames = verifyNames.stream()
                .map(text -> checked("verifyNames", text, ServerName::parse))
                .toList();
    }

    private static <T> T checked(String argument, String text, Function<String, T> parser) {
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException x) {
            throw new IllegalArgumentException(argument + ": " + x.getMessage(), x);
        }
    }

    /** Never shows the password of the key. */
    @Override
    public String toString() {
        return "TlsOptions[serverName=" + serverName + ", alpn=" + alpn + ", ownTrust=" + (trustStore != null)
                + ", ownKey=" + (keyStore != null) + ", insecureSkipVerify=" + insecureSkipVerify
                + ", pinnedCertificates=" + pinnedCertificates + ", verifyNames=" + verifyNames + ", provider="
                + (provider == null ? null : provider.getName()) + "]";
    }

    /** Returns a builder with every option at its default. */
    public static Builder builder() {
        return new Builder();
    }

    /** Sets options one by one. */
    public static final class Builder {
        private KeyStore trustStore;
        private KeyStore keyStore;
        private String keyPassword;
        private String serverName;
        private List<String> alpn = List.of("http/1.1");
        private boolean insecureSkipVerify;
        private List<String> pinnedCertificates = List.of();
        private List<String> verifyNames = List.of();
        private Provider provider;

        private Builder() {}

        /** Sets the certificates to trust, instead of the JVM's own. */
        public Builder trustStore(KeyStore trustStore) {
            this.trustStore = trustStore;
            return this;
        }

        /**
         * Sets the certificates to trust from a PEM file, instead of the JVM's own.
         *
         * @throws IOException naming the file, what was expected and what came
         */
        public Builder caFile(Path pem) throws IOException {
            return trustStore(PemFiles.trustStore(pem));
        }

        /** Sets the client's certificate and key. */
        public Builder keyStore(KeyStore keyStore, String keyPassword) {
            this.keyStore = keyStore;
            this.keyPassword = keyPassword;
            return this;
        }

        /**
         * Sets the client's certificate and key from PEM files.
         *
         * @throws IOException naming the file, what was expected and what came
         */
        public Builder keyFiles(Path certificatePem, Path keyPem) throws IOException {
            PemFiles.KeyStoreWithPassword loaded = PemFiles.keyStore(certificatePem, keyPem);
            return keyStore(loaded.keyStore(), loaded.password());
        }

        /**
         * Sets the name to send and to verify, instead of the host of the URL: a host name, or an address, for which no
         * name is sent.
         */
        public Builder serverName(String name) {
            this.serverName = name;
            return this;
        }

        /** Sets the protocols to offer. */
        public Builder alpn(List<String> protocols) {
            this.alpn = protocols;
            return this;
        }

        /** Accepts any certificate: anybody on the way can then read and change everything. For tests. */
        public Builder insecureSkipVerify(boolean skip) {
            this.insecureSkipVerify = skip;
            return this;
        }

        /**
         * Accepts a server if and only if the SHA-256 of its own certificate (in DER form) is one of these, whoever signed
         * the certificate and whatever names it has: a self-signed certificate that is pinned is accepted. As Xray's
         * {@code pinnedPeerCertSha256}, except that the certificate of an authority cannot be pinned. Default none.
         *
         * @param sha256 64 hexadecimal digits each, in any case, with or without colons; several in one text stand apart by
         *     commas
         */
        public Builder pinnedCertificates(String... sha256) {
            this.pinnedCertificates = List.of(sha256);
            return this;
        }

        /**
         * Verifies that the certificate has one of these names, in place of the name that is sent. Authorities are asked as
         * usual. As Xray's {@code verifyPeerCertByName}. Default none: the name that is sent is verified.
         */
        public Builder verifyNames(String... names) {
            this.verifyNames = List.of(names);
            return this;
        }

        /**
         * Sets what does the TLS: records, handshake and its keys. Certificates are still checked by the JVM. It need not
         * be installed in {@link java.security.Security}; {@code org.conscrypt.Conscrypt.newProvider()} is one.
         */
        public Builder provider(Provider provider) {
            this.provider = provider;
            return this;
        }

        /**
         * Returns the options.
         *
         * @throws IllegalArgumentException naming the argument if a name or pin cannot be one, or the provider does no TLS
         */
        public TlsOptions build() {
            return new TlsOptions(
                    trustStore,
                    keyStore,
                    keyPassword,
                    serverName,
                    alpn,
                    insecureSkipVerify,
                    pinnedCertificates,
                    verifyNames,
                    provider);
        }
    }
}
