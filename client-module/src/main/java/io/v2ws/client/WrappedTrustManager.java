package io.v2ws.client;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.function.Function;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** Adds to the checks of another trust manager, wherever that checks a server. */
abstract class WrappedTrustManager extends X509ExtendedTrustManager {
    /** The check of the other trust manager, for a key type. */
    interface Check {
        void run(String type) throws CertificateException;
    }

    private final X509ExtendedTrustManager delegate;

    WrappedTrustManager(X509ExtendedTrustManager delegate) {
        this.delegate = delegate;
    }

    /** Wraps the trust managers that can be wrapped: those that check with the engine. */
    static TrustManager[] wrap(TrustManager[] managers, Function<X509ExtendedTrustManager, TrustManager> wrapper) {
        return Arrays.stream(managers)
                .map(manager ->
                        manager instanceof X509ExtendedTrustManager delegate ? wrapper.apply(delegate) : manager)
                .toArray(TrustManager[]::new);
    }

    /** Checks a server; runs {@code check} once, before or after checks of its own. */
    abstract void checkServer(X509Certificate[] chain, String type, Check check) throws CertificateException;

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        checkServer(chain, type, known -> delegate.checkServerTrusted(chain, known, engine));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        checkServer(chain, type, known -> delegate.checkServerTrusted(chain, known, socket));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        checkServer(chain, type, known -> delegate.checkServerTrusted(chain, known));
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
