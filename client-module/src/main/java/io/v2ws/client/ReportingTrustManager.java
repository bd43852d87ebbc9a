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
 * Decides as another trust manager does, and reports certificates that were not accepted: a failed TLS session keeps
 * none.
 */
final class ReportingTrustManager extends X509ExtendedTrustManager {
    private final X509ExtendedTrustManager delegate;
    private final HandshakeListener listener;

    private ReportingTrustManager(X509ExtendedTrustManager delegate, HandshakeListener listener) {
        this.delegate = delegate;
        this.listener = listener;
    }

    static TrustManager[] wrap(TrustManager[] managers, HandshakeListener listener) {
        return Arrays.stream(managers)
                .map(manager -> manager instanceof X509ExtendedTrustManager delegate
                        ? new ReportingTrustManager(delegate, listener)
                        : manager)
                .toArray(TrustManager[]::new);
    }

    private interface Check {
        void run() throws CertificateException;
    }

    private void reporting(X509Certificate[] chain, Check check) throws CertificateException {
        try {
            check.run();
        } catch (CertificateException refused) {
            listener.onDistrusted(List.of(chain), refused);
            throw refused;
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        reporting(chain, () -> delegate.checkServerTrusted(chain, type, engine));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        reporting(chain, () -> delegate.checkServerTrusted(chain, type, socket));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        reporting(chain, () -> delegate.checkServerTrusted(chain, type));
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
