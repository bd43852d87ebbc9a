package io.v2ws.client;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Passes certificates from another provider's TLS to the JDK's trust manager, with a key type that the JDK knows: where
 * the key exchange does not depend on the key, as in TLS 1.3, Conscrypt says {@code GENERIC} and the JDK
 * {@code UNKNOWN}.
 */
final class JdkKeyTypeTrustManager extends WrappedTrustManager {
    JdkKeyTypeTrustManager(X509ExtendedTrustManager delegate) {
        super(delegate);
    }

    @Override
    void checkServer(X509Certificate[] chain, String type, Check check) throws CertificateException {
        check.run(type.equals("GENERIC") ? "UNKNOWN" : type);
    }
}
