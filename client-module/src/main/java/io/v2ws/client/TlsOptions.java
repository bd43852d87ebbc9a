package io.v2ws.client;

import io.v2ws.PemFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.Provider;
import java.util.List;

/**
 * How a client speaks TLS ({@code wss}). Immutable; made by {@link #builder()}.
 *
 * @param trustStore the certificates to trust; null (the default) for the JVM's own
 * @param keyStore the client's certificate and key; null (the default) for none
 * @param keyPassword the password of the key; null where there is no key
 * @param serverName the name sent (SNI) and verified; null (the default) for the host of the URL
 * @param alpn the protocols offered, in order; default {@code http/1.1}; empty offers none
 * @param insecureSkipVerify whether any certificate will do: encryption without knowing with whom. Default false
 * @param provider what does the TLS, Conscrypt for instance; null (the default) for the JVM's own
 */
public record TlsOptions(
        KeyStore trustStore,
        KeyStore keyStore,
        String keyPassword,
        String serverName,
        List<String> alpn,
        boolean insecureSkipVerify,
        Provider provider) {

    /**
     * Copies the list.
     *
     * @throws IllegalArgumentException if the provider does no TLS
     */
    public TlsOptions {
        if (provider != null && provider.getService("SSLContext", "TLS") == null) {
            throw new IllegalArgumentException(
                    "provider: expected one with an SSLContext for TLS, got " + provider.getName() + " without");
        }
        alpn = List.copyOf(alpn);
    }

    /** Never shows the password of the key. */
    @Override
    public String toString() {
        return "TlsOptions[serverName=" + serverName + ", alpn=" + alpn + ", ownTrust=" + (trustStore != null)
                + ", ownKey=" + (keyStore != null) + ", insecureSkipVerify=" + insecureSkipVerify + ", provider="
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

        /** Sets the name to send and to verify, instead of the host of the URL. */
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
         * @throws IllegalArgumentException if the provider does no TLS
         */
        public TlsOptions build() {
            return new TlsOptions(trustStore, keyStore, keyPassword, serverName, alpn, insecureSkipVerify, provider);
        }
    }
}
