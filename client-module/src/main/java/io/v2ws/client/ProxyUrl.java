package io.v2ws.client;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
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

    static ProxyUrl parse(String url) {
        URI uri;
        try {
            uri = new URI(url);
        } catch (URISyntaxException x) {
            // The exception is not passed on: its message quotes the URL, which may hold a password.
            throw new IllegalArgumentException("proxy: not a URL: " + x.getReason());
        }
        boolean socks = "socks5".equalsIgnoreCase(uri.getScheme()) || "socks5h".equalsIgnoreCase(uri.getScheme());
        if ((!socks && !"http".equalsIgnoreCase(uri.getScheme())) || uri.getHost() == null) {
            throw new IllegalArgumentException("proxy: expected http://[USER:PASSWORD@]HOST[:PORT] or socks5://…");
        }
        if (uri.getPort() > 65_535) {
            throw new IllegalArgumentException("proxy: expected a port from 0 to 65535, got " + uri.getPort());
        }
        String[] credentials = uri.getRawUserInfo() == null
                ? new String[0]
                : uri.getRawUserInfo().split(":", 2);
        int port = uri.getPort() >= 0 ? uri.getPort() : socks ? 1080 : 8080;
        return new ProxyUrl(
                socks,
                uri.getHost(),
                port,
                credentials.length > 0 ? decode(credentials[0]) : null,
                credentials.length > 1 ? decode(credentials[1]) : credentials.length > 0 ? "" : null);
    }

    private static String decode(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    void applyTo(HttpClient client) {
        Origin.Address address = new Origin.Address(host, port);
        if (socks) {
            Socks5Proxy proxy = new Socks5Proxy(address, false);
            if (user != null) {
                proxy.putAuthenticationFactory(new Socks5.UsernamePasswordAuthenticationFactory(user, password));
            }
            client.getProxyConfiguration().addProxy(proxy);
        } else {
            client.getProxyConfiguration().addProxy(new ConnectProxy(address, user, password));
        }
    }

    /** Never shows the password. */
    @Override
    public String toString() {
        return (socks ? "socks5://" : "http://") + host + ":" + port;
    }
}
