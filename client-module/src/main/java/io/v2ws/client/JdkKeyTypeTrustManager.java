package io.v2ws.client;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Passes certificates from another provider's TLS to the JDK's trust manager, with the key type that the JDK knows:
 * where the key exchange does not depend on the key, as in TLS 1.3, Conscrypt says {@code GENERIC} and the JDK {@code
 * UNKNOWN}.
 */
final class JdkKeyTypeTrustManager extends X509ExtendedTrustManager {
    private final X509ExtendedTrustManager delegate;

    private JdkKeyTypeTrustManager(X509ExtendedTrustManager delegate) {
        this.delegate = delegate;
    }

    static TrustManager[] wrap(TrustManager[] managers) {
        return Arrays.stream(managers)
                .map(manager -> manager instanceof X509ExtendedTrustManager delegate
                        ? new JdkKeyTypeTrustManager(delegate)
                        : manager)
                .toArray(TrustManager[]::new);
    }

    private static String jdkType(String type) {
        return type.equals("GENERIC") ? "UNKNOWN" : type;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        delegate.checkServerTrusted(chain, jdkType(type), engine);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        delegate.checkServerTrusted(chain, jdkType(type), socket);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        delegate.checkServerTrusted(chain, jdkType(type));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        delegate.checkClientTrusted(chain, jdkType(type), engine);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        delegate.checkClientTrusted(chain, jdkType(type), socket);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        delegate.checkClientTrusted(chain, jdkType(type));
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return delegate.getAcceptedIssuers();
    }
}
