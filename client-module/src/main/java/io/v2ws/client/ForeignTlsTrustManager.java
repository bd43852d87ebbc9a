package io.v2ws.client;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Decides as the JDK's trust manager does where another provider does the TLS: in TLS 1.3 the kind of a key says nothing of
 * the key exchange, which Conscrypt calls {@code GENERIC} and the JDK knows as {@code UNKNOWN} only.
 */
final class ForeignTlsTrustManager extends X509ExtendedTrustManager {
    private final X509ExtendedTrustManager judge;

    private ForeignTlsTrustManager(X509ExtendedTrustManager judge) {
        this.judge = judge;
    }

    static TrustManager[] wrap(TrustManager[] managers) {
        return Arrays.stream(managers)
                .map(manager ->
                        manager instanceof X509ExtendedTrustManager judge ? new ForeignTlsTrustManager(judge) : manager)
                .toArray(TrustManager[]::new);
    }

    private static String known(String type) {
        return type.equals("GENERIC") ? "UNKNOWN" : type;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        judge.checkServerTrusted(chain, known(type), engine);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        judge.checkServerTrusted(chain, known(type), socket);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        judge.checkServerTrusted(chain, known(type));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        judge.checkClientTrusted(chain, known(type), engine);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        judge.checkClientTrusted(chain, known(type), socket);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        judge.checkClientTrusted(chain, known(type));
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return judge.getAcceptedIssuers();
    }
}
