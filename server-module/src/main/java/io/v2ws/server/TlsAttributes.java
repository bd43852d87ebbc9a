package io.v2ws.server;

import jakarta.servlet.http.HttpServletRequest;
import java.security.cert.X509Certificate;
import java.util.List;
import org.eclipse.jetty.io.EndPoint;

/**
 * The TLS session of a request, from the request attributes of Servlet 6.1 (3.10).
 *
 * @param protocol the version of TLS; null if unknown
 * @param cipherSuite null without TLS
 * @param peerCertificates the client's own first; empty for none
 */
record TlsAttributes(String protocol, String cipherSuite, List<X509Certificate> peerCertificates) {
    private static final TlsAttributes NONE = new TlsAttributes(null, null, List.of());
    private static final String PROTOCOL = "jakarta.servlet.request.secure_protocol";
    private static final String CIPHER_SUITE = "jakarta.servlet.request.cipher_suite";
    private static final String CERTIFICATES = "jakarta.servlet.request.X509Certificate";

    static TlsAttributes of(HttpServletRequest request) {
        if (!(request.getAttribute(CIPHER_SUITE) instanceof String cipherSuite)) {
            return NONE;
        }
        Object certificates = request.getAttribute(CERTIFICATES);
        return new TlsAttributes(
                protocol(request),
                cipherSuite,
                certificates instanceof X509Certificate[] chain ? List.of(chain) : List.of());
    }

    /** Jetty 12.1 does not set Servlet 6.1's attribute for the protocol, but one of its own with the whole session. */
    private static String protocol(HttpServletRequest request) {
        if (request.getAttribute(PROTOCOL) instanceof String protocol) {
            return protocol;
        }
        return request.getAttribute(EndPoint.SslSessionData.ATTRIBUTE) instanceof EndPoint.SslSessionData data
                        && data.sslSession() != null
                ? data.sslSession().getProtocol()
                : null;
    }
}
