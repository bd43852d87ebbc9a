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
 * Decides as another trust manager does on the chain, and then requires the certificate to have one of the given names. The
 * engine must not verify the name that is sent.
 */
final class NameTrustManager extends X509ExtendedTrustManager {
    private final X509ExtendedTrustManager judge;
    private final List<String> names;

    private NameTrustManager(X509ExtendedTrustManager judge, List<String> names) {
        this.judge = judge;
        this.names = names;
    }

    static TrustManager[] wrap(TrustManager[] managers, List<String> names) {
        return Arrays.stream(managers)
                .map(manager -> manager instanceof X509ExtendedTrustManager judge
                        ? new NameTrustManager(judge, names)
                        : manager)
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
        judge.checkServerTrusted(chain, type, engine);
        checkNames(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        judge.checkServerTrusted(chain, type, socket);
        checkNames(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        judge.checkServerTrusted(chain, type);
        checkNames(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        judge.checkClientTrusted(chain, type, engine);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        judge.checkClientTrusted(chain, type, socket);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        judge.checkClientTrusted(chain, type);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return judge.getAcceptedIssuers();
    }
}
