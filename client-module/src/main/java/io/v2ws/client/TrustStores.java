package io.v2ws.client;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** Makes key stores in memory whose certificates are trusted. */
final class TrustStores {
    private TrustStores() {}

    /** Returns a store of these certificates. */
    static KeyStore of(Collection<X509Certificate> authorities) {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            add(store, authorities);
            return store;
        } catch (GeneralSecurityException | IOException x) {
            throw new IllegalStateException("cannot hold the authorities to trust: " + x.getMessage(), x);
        }
    }

    private static void add(KeyStore store, Collection<X509Certificate> authorities) throws KeyStoreException {
        for (X509Certificate authority : authorities) {
            store.setCertificateEntry(String.valueOf(store.size()), authority);
        }
    }

    /** Returns a store of the authorities that the JVM trusts. */
    static KeyStore ofTheJvm() {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init((KeyStore) null);
            KeyStore store = of(List.of());
            for (TrustManager manager : factory.getTrustManagers()) {
                add(store, List.of(((X509TrustManager) manager).getAcceptedIssuers()));
            }
            return store;
        } catch (GeneralSecurityException x) {
            throw new IllegalStateException("cannot read the authorities that Java trusts: " + x.getMessage(), x);
        }
    }

    /**
     * Returns a store of the certificates that another one trusts, and of further ones.
     *
     * @param base null for the JVM's
     */
    static KeyStore with(KeyStore base, Collection<X509Certificate> more) {
        try {
            KeyStore store = ofTheJvmOr(base);
            add(store, more);
            return store;
        } catch (KeyStoreException x) {
            throw new IllegalArgumentException("trustStore: expected a loaded one, got: " + x.getMessage(), x);
        }
    }

    private static KeyStore ofTheJvmOr(KeyStore base) throws KeyStoreException {
        if (base == null) {
            return ofTheJvm();
        }
        KeyStore store = of(List.of());
        for (String alias : Collections.list(base.aliases())) {
            if (base.isCertificateEntry(alias) && base.getCertificate(alias) instanceof X509Certificate certificate) {
                add(store, List.of(certificate));
            }
        }
        return store;
    }
}
