package io.v2ws.client;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.X509ExtendedTrustManager;

/** Reports certificates that another trust manager did not accept: a failed TLS session keeps none. */
final class ReportingTrustManager extends WrappedTrustManager {
    private final HandshakeListener listener;

    ReportingTrustManager(X509ExtendedTrustManager delegate, HandshakeListener listener) {
        super(delegate);
        this.listener = listener;
    }

    @Override
    void checkServer(X509Certificate[] chain, String type, Check check) throws CertificateException {
        try {
            check.run(type);
        } catch (CertificateException refused) {
            listener.onDistrusted(List.of(chain), refused);
            throw refused;
        }
    }
}
