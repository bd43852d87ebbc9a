package io.v2ws.client;

import io.v2ws.internal.tls.CertificatePins;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/** Accepts a server whose own certificate is pinned, and no other. The issuer of the certificate does not matter. */
final class PinTrustManager extends X509ExtendedTrustManager {
    private final List<String> pins;

    /**
     * Makes the trust manager.
     *
     * @param pins as {@link CertificatePins} reads them, at least one
     */
    PinTrustManager(List<String> pins) {
        this.pins = pins;
    }

    private void check(X509Certificate[] chain) throws CertificateException {
        if (chain == null || chain.length == 0) {
            throw new CertificateException("expected a certificate, got none");
        }
        String pin = CertificatePins.of(chain[0]);
        if (pins.contains(pin)) {
            return;
        }
        boolean ofAuthority = false;
        for (int i = 1; i < chain.length; i++) {
            ofAuthority |= pins.contains(CertificatePins.of(chain[i]));
        }
        throw new CertificatePinException(pins, pin, ofAuthority);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        check(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        throw onlyServers();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        throw onlyServers();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        throw onlyServers();
    }

    private static CertificateException onlyServers() {
        return new CertificateException("expected the certificate of a server, got that of a client");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
