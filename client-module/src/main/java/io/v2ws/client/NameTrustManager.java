package io.v2ws.client;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Checks the chain with another trust manager, and then that the certificate has one of the given names. The engine
 * must not verify the name that is sent, which may be another.
 */
final class NameTrustManager extends X509ExtendedTrustManager {
    private final X509ExtendedTrustManager delegate;
    private final List<String> names;

    private NameTrustManager(X509ExtendedTrustManager delegate, List<String> names) {
        this.delegate = delegate;
        this.names = names;
    }

    /**
     * Wraps the trust managers.
     *
     * @throws IllegalStateException if one of them is not an {@link X509ExtendedTrustManager}
     */
    static TrustManager[] wrap(TrustManager[] managers, List<String> names) {
        return Arrays.stream(managers)
                .map(manager -> {
                    if (manager instanceof X509ExtendedTrustManager delegate) {
                        return new NameTrustManager(delegate, names);
                    }
                    // Without the wrapper, no name would be verified.
                    throw new IllegalStateException("expected an X509ExtendedTrustManager, got "
                            + manager.getClass().getName());
                })
                .toArray(TrustManager[]::new);
    }

    private void checkNames(X509Certificate[] chain) throws CertificateException {
        for (String name : names) {
            if (CertificateNames.match(chain[0], name)) {
                return;
            }
        }
        throw new CertificateException("No name in the certificate matches " + (names.size() == 1 ? "" : "one of ")
                + String.join(", ", names));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        delegate.checkServerTrusted(chain, type, engine);
        checkNames(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        delegate.checkServerTrusted(chain, type, socket);
        checkNames(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        delegate.checkServerTrusted(chain, type);
        checkNames(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        delegate.checkClientTrusted(chain, type, engine);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        delegate.checkClientTrusted(chain, type, socket);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        delegate.checkClientTrusted(chain, type);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return delegate.getAcceptedIssuers();
    }
}
