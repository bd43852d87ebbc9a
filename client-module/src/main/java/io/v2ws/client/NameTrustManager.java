package io.v2ws.client;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Checks the chain with another trust manager, and then that the certificate has one of the given names. The engine
 * must not verify the name that is sent, which may be another.
 */
final class NameTrustManager extends WrappedTrustManager {
    private final List<String> names;

    private NameTrustManager(X509ExtendedTrustManager delegate, List<String> names) {
        super(delegate);
        this.names = names;
    }

    /**
     * Wraps the trust managers.
     *
     * @throws IllegalStateException if one of them is not an {@link X509ExtendedTrustManager}
     */
    static TrustManager[] wrap(TrustManager[] managers, List<String> names) {
        for (TrustManager manager : managers) {
            if (!(manager instanceof X509ExtendedTrustManager)) {
                // Without the wrapper, no name would be verified.
                throw new IllegalStateException("expected an X509ExtendedTrustManager, got "
                        + manager.getClass().getName());
            }
        }
        return wrap(managers, delegate -> new NameTrustManager(delegate, names));
    }

    @Override
    void checkServer(X509Certificate[] chain, String type, Check check) throws CertificateException {
        check.run(type);
        for (String name : names) {
            if (CertificateNames.match(chain[0], name)) {
                return;
            }
        }
        throw new CertificateException("No name in the certificate matches " + (names.size() == 1 ? "" : "one of ")
                + String.join(", ", names));
    }
}
