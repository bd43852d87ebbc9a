package io.v2ws.client;

import io.v2ws.internal.net.ServerName;
import io.v2ws.internal.tls.CertificateFiles;
import io.v2ws.internal.tls.CertificatePins;
import io.v2ws.internal.tls.PemFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.Provider;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** How a client speaks TLS ({@code wss}). Immutable; each setter of the {@link Builder} documents its default. */
public final class TlsOptions {
    private final KeyStore trustStore;
    private final KeyStore keyStore;
    private final String keyPassword;
    private final String serverName;
    private final List<String> alpn;
    private final boolean insecureSkipVerify;
    private final List<String> pinnedCertificates;
    private final List<String> verifyNames;
    private final Provider provider;

    private TlsOptions(Builder builder) {
        provider = builder.provider;
        if (provider != null && provider.getService("SSLContext", "TLS") == null) {
            throw new IllegalArgumentException(
                    "provider: expected one with an SSLContext for TLS, got " + provider.getName() + " without");
        }
        trustStore = builder.extraAuthorities.isEmpty()
                ? builder.trustStore
                : TrustStores.with(builder.trustStore, builder.extraAuthorities);
        keyStore = builder.keyStore;
        keyPassword = builder.keyPassword;
        alpn = List.copyOf(builder.alpn);
        serverName = builder.serverName == null ? null : checked("serverName", builder.serverName, ServerName::parse);
        insecureSkipVerify = builder.insecureSkipVerify;
        pinnedCertificates = builder.pinnedCertificates.stream()
                .flatMap(text -> checked("pinnedCertificates", text, CertificatePins::parse).stream())
                .distinct()
                .toList();
        verifyNames = builder.verifyNames.stream()
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

    /** The certificates to trust; null for the JVM's own. */
    public KeyStore trustStore() {
        return trustStore;
    }

    /** The client's certificate and key; null for none. */
    public KeyStore keyStore() {
        return keyStore;
    }

    /** The password of the key; null where there is no key. */
    String keyPassword() {
        return keyPassword;
    }

    /** The name sent (SNI) and verified, in ASCII; null for the host of the URL. */
    public String serverName() {
        return serverName;
    }

    /** The protocols offered, in order; empty offers none. */
    public List<String> alpn() {
        return alpn;
    }

    /** Whether any certificate is accepted; without effect beside pinned certificates. */
    public boolean insecureSkipVerify() {
        return insecureSkipVerify;
    }

    /** The SHA-256 of the only certificates to accept, 64 hexadecimal digits in lower case each; empty for no pins. */
    public List<String> pinnedCertificates() {
        return pinnedCertificates;
    }

    /**
     * The names to verify in place of the server name, in ASCII, of which one must match; empty for the server name.
     */
    public List<String> verifyNames() {
        return verifyNames;
    }

    /** What does the TLS; null for the JVM's own. */
    public Provider provider() {
        return provider;
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
        private final List<X509Certificate> extraAuthorities = new ArrayList<>();
        private KeyStore keyStore;
        private String keyPassword;
        private String serverName;
        private List<String> alpn = List.of("http/1.1");
        private boolean insecureSkipVerify;
        private List<String> pinnedCertificates = List.of();
        private List<String> verifyNames = List.of();
        private Provider provider;

        private Builder() {}

        /** Sets the certificates to trust, and no others. Default null: those that the JVM trusts. */
        public Builder trustStore(KeyStore trustStore) {
            this.trustStore = trustStore;
            return this;
        }

        /**
         * Sets the certificates to trust, and no others, from a file: PEM, DER, or a key store without a password. In
         * place of those of the JVM, as curl's {@code --cacert}; {@link #extraCaFile(Path)} adds to them.
         *
         * @throws IOException naming the file, what was expected and what came
         */
        public Builder caFile(Path file) throws IOException {
            return caFile(file, null);
        }

        /**
         * As {@link #caFile(Path)}; also from a key store (PKCS #12, JKS) with a password, whose trusted certificates
         * count.
         *
         * @param password null for none; without effect for PEM and DER
         */
        public Builder caFile(Path file, char[] password) throws IOException {
            return trustStore(TrustStores.of(CertificateFiles.authorities(file, password)));
        }

        /**
         * Adds certificates to trust to those of the JVM, or of {@link #trustStore} or {@link #caFile(Path)}, from a
         * file like that of {@code caFile}. May be repeated.
         *
         * @throws IOException naming the file, what was expected and what came
         */
        public Builder extraCaFile(Path file) throws IOException {
            return extraCaFile(file, null);
        }

        /**
         * As {@link #extraCaFile(Path)}.
         *
         * @param password of a key store; null for none
         */
        public Builder extraCaFile(Path file, char[] password) throws IOException {
            extraAuthorities.addAll(CertificateFiles.authorities(file, password));
            return this;
        }

        /** Sets the client's certificate and key. Default null: none. */
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
         * Sets the client's certificate and key from a key store: PKCS #12 ({@code .p12}, {@code .pfx}) or JKS.
         *
         * @param password of store and key; null for none
         * @throws IOException naming the file, what was expected and what came
         */
        public Builder keyStoreFile(Path file, char[] password) throws IOException {
            return keyStore(
                    CertificateFiles.identity(file, password), password == null ? "" : String.valueOf(password));
        }

        /**
         * Sets the name to send (SNI) and to verify: a host name, or an address, for which no name is sent. Default
         * null: the host of the URL.
         */
        public Builder serverName(String name) {
            this.serverName = name;
            return this;
        }

        /** Sets the protocols to offer, in order; empty offers none. Default {@code http/1.1}. */
        public Builder alpn(List<String> protocols) {
            this.alpn = protocols;
            return this;
        }

        /**
         * Accepts any certificate: an attacker on the way can then read and change all data. For tests. Default false;
         * without effect beside pinned certificates.
         */
        public Builder insecureSkipVerify(boolean skip) {
            this.insecureSkipVerify = skip;
            return this;
        }

        /**
         * Accepts a server if and only if the SHA-256 of its own certificate (in DER form) is one of these. Issuer and
         * names of the certificate do not matter: a self-signed certificate that is pinned is accepted. As Xray's
         * {@code pinnedPeerCertSha256}, except that the certificate of an authority cannot be pinned. Default none: the
         * chain is verified.
         *
         * @param sha256 64 hexadecimal digits each, in any case, with or without colons; one text may hold several,
         *     separated by commas
         */
        public Builder pinnedCertificates(String... sha256) {
            this.pinnedCertificates = List.of(sha256);
            return this;
        }

        /**
         * Verifies that the certificate has one of these names, in place of the server name. The chain is verified as
         * usual. As Xray's {@code verifyPeerCertByName}. Default none: the server name is verified.
         */
        public Builder verifyNames(String... names) {
            this.verifyNames = List.of(names);
            return this;
        }

        /**
         * Sets the provider of TLS: records, handshake and its keys. The JVM still checks the certificates. The
         * provider need not be installed in {@link java.security.Security}; {@code
         * org.conscrypt.Conscrypt.newProvider()} is one. Default null: the JVM's own.
         */
        public Builder provider(Provider provider) {
            this.provider = provider;
            return this;
        }

        /**
         * Returns the options.
         *
         * @throws IllegalArgumentException naming the argument if a name or pin is malformed, or the provider does no
         *     TLS
         */
        public TlsOptions build() {
            return new TlsOptions(this);
        }
    }
}
