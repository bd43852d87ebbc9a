package io.v2ws.server;

import jakarta.servlet.http.HttpServletRequest;
import java.net.InetSocketAddress;
import java.security.Principal;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What is known of the upgrade request of a tunnel. Everything was read at the time of the upgrade; the
 * {@code HttpServletRequest} itself is gone by then. Immutable, safe for any thread.
 */
public final class TunnelRequest {
    private final InetSocketAddress clientAddress;
    private final String host;
    private final String path;
    private final Map<String, List<String>> headers;
    private final int earlyDataLength;
    private final String remoteUser;
    private final Principal principal;
    private final TlsAttributes tls;
    private final Map<String, Object> attributes;

    /** Reads a request. The headers are those without early data, by names that ignore case. */
    TunnelRequest(
            HttpServletRequest request,
            InetSocketAddress clientAddress,
            String path,
            Map<String, List<String>> headers,
            int earlyDataLength) {
        this.clientAddress = clientAddress;
        this.host = Objects.requireNonNullElse(request.getHeader("Host"), "");
        this.path = path;
        this.headers = Collections.unmodifiableMap(headers);
        this.earlyDataLength = earlyDataLength;
        this.principal = request.getUserPrincipal();
        this.remoteUser = request.getRemoteUser();
        this.tls = TlsAttributes.of(request);
        this.attributes = applicationAttributes(request);
    }

    private static Map<String, Object> applicationAttributes(HttpServletRequest request) {
        Map<String, Object> attributes = new HashMap<>();
        for (String name : Collections.list(request.getAttributeNames())) {
            Object value = request.getAttribute(name);
            if (value != null && !name.startsWith("jakarta.servlet.") && !name.startsWith("org.eclipse.jetty.")) {
                attributes.put(name, value);
            }
        }
        return Map.copyOf(attributes);
    }

    /**
     * The address of the client, as far as trusted proxies tell (S13). The port is 0 where only a proxy knows it.
     * Never null.
     */
    public InetSocketAddress clientAddress() {
        return clientAddress;
    }

    /** The {@code Host} header as it came; empty for none. Text from outside: escape it before you log it. */
    public String host() {
        return host;
    }

    /** The configured path of the tunnel; never the path of the request, which may hold early data. */
    public String path() {
        return path;
    }

    /** The request headers without the one that carries early data. Names ignore case. Unmodifiable. */
    public Map<String, List<String>> headers() {
        return headers;
    }

    /** How many bytes of early data there are. They are at the front of the stream. */
    public int earlyDataLength() {
        return earlyDataLength;
    }

    /** The name of the signed-in user, {@link HttpServletRequest#getRemoteUser}; empty for none. */
    public Optional<String> remoteUser() {
        return Optional.ofNullable(remoteUser);
    }

    /** The signed-in user, {@link HttpServletRequest#getUserPrincipal}; empty for none. */
    public Optional<Principal> principal() {
        return Optional.ofNullable(principal);
    }

    /**
     * The version of TLS, such as {@code TLSv1.3}, from {@code jakarta.servlet.request.secure_protocol} or from
     * Jetty. Empty without TLS, and where a container does not tell: Jetty does not tell a WAR without {@code
     * jetty-ee11-web.xml}.
     */
    public Optional<String> tlsProtocol() {
        return Optional.ofNullable(tls.protocol());
    }

    /**
     * The cipher suite, such as {@code TLS_AES_128_GCM_SHA256}, from {@code jakarta.servlet.request.cipher_suite}.
     * Empty without TLS, also where a proxy in front of the server does the TLS.
     */
    public Optional<String> tlsCipherSuite() {
        return Optional.ofNullable(tls.cipherSuite());
    }

    /**
     * The certificate chain of the client, its own certificate first, from {@code
     * jakarta.servlet.request.X509Certificate}. Empty if the client sent none. The server verified the chain if it is
     * configured to want or need client certificates.
     */
    public List<X509Certificate> peerCertificates() {
        return tls.peerCertificates();
    }

    /**
     * The request attributes that filters before this one have set. Attributes of the container ({@code
     * jakarta.servlet.*}, {@code org.eclipse.jetty.*}) are left out: they refer to the connection. Unmodifiable.
     */
    public Map<String, Object> attributes() {
        return attributes;
    }

    /** Leaves out headers and attributes, which may hold credentials. */
    @Override
    public String toString() {
        return "TunnelRequest[" + clientAddress + " to " + path + ", " + earlyDataLength + " bytes of early data]";
    }
}
