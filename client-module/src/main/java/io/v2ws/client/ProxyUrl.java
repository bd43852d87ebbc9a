package io.v2ws.client;

import io.v2ws.HostAndPort;
import io.v2ws.internal.net.HostUrl;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Origin;
import org.eclipse.jetty.client.Socks5;
import org.eclipse.jetty.client.Socks5Proxy;

/**
 * A proxy on the way out: {@code http://[user:password@]host[:port]} (CONNECT) or
 * {@code socks5://[user:password@]host[:port]}. The proxy looks the target's name up.
 *
 * @param socks whether it is a SOCKS5 proxy
 * @param user null for none
 * @param password null for none; never shown
 */
record ProxyUrl(boolean socks, String host, int port, String user, String password) {
    private static final List<String> OWN_HEADERS = List.of("Host", "Content-Length", "Transfer-Encoding");

    static ProxyUrl parse(String text) {
        HostUrl url;
        try {
            HostUrl.requireScheme(text, "http", "socks5");
            url = HostUrl.parse(text);
        } catch (IllegalArgumentException x) {
            throw new IllegalArgumentException("proxy: " + x.getMessage(), x);
        }
        if (url.target().indexOf('@') >= 0) {
            // A proxy has no path: this was a password with a slash in it.
            throw new IllegalArgumentException("proxy: " + HostUrl.notEncoded(text));
        }
        boolean socks = url.scheme().equals("socks5") || url.scheme().equals("socks5h");
        if (!socks && !url.scheme().equals("http")) {
            throw new IllegalArgumentException("proxy: expected http://[USER:PASSWORD@]HOST[:PORT] or socks5://…");
        }
        int port = url.port() >= 0 ? url.port() : socks ? 1080 : 8080;
        return new ProxyUrl(socks, url.host(), port, url.user(), url.password());
    }

    /**
     * Asks a selector.
     *
     * @param target what TCP would connect to without a proxy
     * @return null for no proxy
     */
    static ProxyUrl select(ProxySelector selector, boolean secure, HostAndPort target) {
        // The JVM's selector knows no ws and wss.
        URI uri = URI.create((secure ? "https://" : "http://") + target + "/");
        Proxy first = selector.select(uri).stream().findFirst().orElse(Proxy.NO_PROXY);
        if (first.type() == Proxy.Type.DIRECT) {
            return null;
        }
        InetSocketAddress address = (InetSocketAddress) first.address();
        return new ProxyUrl(first.type() == Proxy.Type.SOCKS, address.getHostString(), address.getPort(), null, null);
    }

    /**
     * Refuses headers that this proxy cannot get.
     *
     * @throws IllegalArgumentException saying what was expected
     */
    void requireFit(Map<String, List<String>> headers) {
        if (socks && !headers.isEmpty()) {
            throw new IllegalArgumentException(
                    "proxyHeaders: expected an http:// proxy, got a SOCKS proxy, which has none");
        }
        for (String name : headers.keySet()) {
            if (OWN_HEADERS.stream().anyMatch(name::equalsIgnoreCase)) {
                throw new IllegalArgumentException(
                        "proxyHeaders: expected other headers than " + name + ", which is set");
            }
            if (user != null && name.equalsIgnoreCase("Proxy-Authorization")) {
                throw new IllegalArgumentException(
                        "proxyHeaders: expected no Proxy-Authorization beside user and password in the proxy's URL");
            }
        }
    }

    /** Makes a client go through this proxy, with headers for CONNECT. */
    void applyTo(HttpClient client, Map<String, List<String>> headers) {
        Origin.Address address = new Origin.Address(host, port);
        if (socks) {
            Socks5Proxy proxy = new Socks5Proxy(address, false);
            if (user != null) {
                proxy.putAuthenticationFactory(new Socks5.UsernamePasswordAuthenticationFactory(user, password));
            }
            client.getProxyConfiguration().addProxy(proxy);
        } else {
            client.getProxyConfiguration().addProxy(new ConnectProxy(address, user, password, headers));
        }
    }

    /** Never shows the password. */
    @Override
    public String toString() {
        return (socks ? "socks5://" : "http://") + new HostAndPort(host, port).toDisplayString();
    }
}
