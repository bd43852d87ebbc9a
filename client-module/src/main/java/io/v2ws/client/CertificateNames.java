package io.v2ws.client;

import io.v2ws.internal.net.IpLiteral;
import java.net.InetAddress;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/** The names of a certificate (RFC 9525): its subject alternative names, never the common name. */
final class CertificateNames {
    private static final int DNS_NAME = 2;
    private static final int IP_ADDRESS = 7;

    private CertificateNames() {}

    /**
     * Whether a certificate has a name. A {@code *} as the whole first label of a name in the certificate matches one
     * label.
     *
     * @param name a host name in ASCII, or an address literal
     */
    static boolean match(X509Certificate certificate, String name) throws CertificateParsingException {
        Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
        if (alternatives == null) {
            return false;
        }
        InetAddress address = IpLiteral.parse(name);
        for (List<?> alternative : alternatives) {
            boolean fits = alternative.get(1) instanceof String pattern
                    && (address == null
                            ? alternative.get(0).equals(DNS_NAME) && isMatch(lower(pattern), lower(name))
                            : alternative.get(0).equals(IP_ADDRESS) && address.equals(IpLiteral.parse(pattern)));
            if (fits) {
                return true;
            }
        }
        return false;
    }

    /** Whether a DNS name of a certificate matches a host name, both in lower case. */
    static boolean isMatch(String pattern, String name) {
        if (!pattern.startsWith("*.")) {
            return pattern.equals(name);
        }
        int dot = name.indexOf('.');
        String suffix = pattern.substring(1);
        // "*.org" is not accepted: it would match every site of a top-level domain.
        return dot > 0 && suffix.indexOf('.', 1) > 0 && name.substring(dot).equals(suffix);
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
