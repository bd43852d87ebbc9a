package io.v2ws.client;

import io.v2ws.HostAndPort;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.internal.net.Printable;
import io.v2ws.internal.net.ServerName;
import java.net.URI;
import java.net.URISyntaxException;

/**
 * The parts of a {@code ws} or {@code wss} URL.
 *
 * @param secure whether the scheme is {@code wss}
 * @param host the name or address literal, without brackets
 * @param port as given, or the scheme's
 * @param target path and query as written; empty for none
 */
record TunnelUrl(boolean secure, String host, int port, String target) {

    static TunnelUrl parse(String url) {
        // The path is kept as written, even if java.net.URI would reject it.
        int authority = url.indexOf("://") + 3;
        int end = authority < 3 ? -1 : endOfAuthority(url, authority);
        URI uri = uri(end < 0 ? url : url.substring(0, end));
        String scheme = uri.getScheme();
        boolean secure = "wss".equalsIgnoreCase(scheme);
        if (!secure && !"ws".equalsIgnoreCase(scheme)) {
            throw new IllegalArgumentException("url: expected ws://HOST[:PORT]/PATH or wss://…, got \"" + url + "\"");
        }
        String host = uri.getHost();
        if (host == null
                && uri.getRawAuthority() != null
                && uri.getRawAuthority().indexOf('@') < 0) {
            throw new IllegalArgumentException("url: expected a host name or an address, and a port if need be, behind "
                    + scheme + "://, got " + Printable.quoted(uri.getRawAuthority()));
        }
        if (host == null || uri.getUserInfo() != null) {
            throw new IllegalArgumentException(
                    // The message does not repeat the URL, which may hold a password.
                    "url: expected " + scheme + "://HOST[:PORT] and nothing else before the path");
        }
        int port = uri.getPort() < 0 ? (secure ? 443 : 80) : uri.getPort();
        if (port > 65_535) {
            throw new IllegalArgumentException("url: expected a port from 0 to 65535, got " + port);
        }
        if (secure && !host.startsWith("[")) {
            requireServerName(host);
        }
        return new TunnelUrl(secure, withoutBrackets(host), port, url.substring(end));
    }

    private static void requireServerName(String host) {
        try {
            ServerName.parse(host);
        } catch (IllegalArgumentException x) {
            throw new IllegalArgumentException("url: " + x.getMessage(), x);
        }
    }

    private static int endOfAuthority(String url, int start) {
        for (int i = start; i < url.length(); i++) {
            if ("/?#".indexOf(url.charAt(i)) >= 0) {
                return i;
            }
        }
        return url.length();
    }

    private static URI uri(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException x) {
            throw new IllegalArgumentException("url: " + x.getMessage(), x);
        }
    }

    private static String withoutBrackets(String host) {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    String scheme() {
        return secure ? "wss" : "ws";
    }

    HostAndPort address() {
        return new HostAndPort(host, port);
    }

    /** The value of the {@code Host} header: the port only where it is not the scheme's. */
    String authority() {
        boolean standard = port == (secure ? 443 : 80);
        String bracketed = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        return standard ? bracketed : bracketed + ":" + port;
    }

    /** Puts the path of this URL into the options; refuses options with another path. */
    WebSocketTransportOptions applyTo(WebSocketTransportOptions options) {
        if (target.isEmpty() || target.equals("/")) {
            return options;
        }
        WebSocketTransportOptions merged = options.toBuilder().path(target).build();
        if (!options.path().equals("/") && !options.path().equals(merged.path())) {
            throw new IllegalArgumentException("url: its path " + target + " contradicts the path " + options.path()
                    + " of the transport options");
        }
        return merged;
    }
}
