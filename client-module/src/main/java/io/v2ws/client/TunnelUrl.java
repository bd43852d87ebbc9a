package io.v2ws.client;

import io.v2ws.HostAndPort;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.internal.net.HostName;
import io.v2ws.internal.net.HostUrl;
import io.v2ws.internal.net.Printable;

/**
 * The parts of a {@code ws} or {@code wss} URL.
 *
 * @param secure whether the scheme is {@code wss}
 * @param host the name in ASCII or the address literal, without brackets
 * @param port as given, or the scheme's
 * @param target path and query as written; empty for none
 * @param authorization the value of {@code Authorization} for user and password of the URL; null for none
 */
record TunnelUrl(boolean secure, String host, int port, String target, String authorization) {
    static final String AUTHORIZATION = "Authorization";

    static TunnelUrl parse(String text) {
        HostUrl url;
        try {
            url = HostUrl.parse(text);
        } catch (IllegalArgumentException x) {
            throw new IllegalArgumentException("url: " + x.getMessage(), x);
        }
        boolean secure = url.scheme().equals("wss");
        if (!secure && !url.scheme().equals("ws")) {
            throw new IllegalArgumentException(
                    "url: expected ws://HOST[:PORT]/PATH or wss://…, got " + Printable.quoted(HostUrl.masked(text)));
        }
        int port = url.port() < 0 ? (secure ? 443 : 80) : url.port();
        return new TunnelUrl(secure, url.host(), port, url.target(), url.basicCredentials());
    }

    String scheme() {
        return secure ? "wss" : "ws";
    }

    HostAndPort address() {
        return new HostAndPort(host, port);
    }

    /**
     * The value of the {@code Host} header: the port only where it is not the scheme's, and a name without a dot at its
     * end, as curl and browsers send it.
     */
    String authority() {
        boolean standard = port == (secure ? 443 : 80);
        String bracketed = host.indexOf(':') >= 0 ? "[" + host + "]" : HostName.withoutDot(host);
        return standard ? bracketed : bracketed + ":" + port;
    }

    /**
     * Puts the path of this URL into the options; refuses options with another path, or with a header that says who the
     * user is beside the user and password of this URL. These stay out of the options, which may be logged.
     */
    WebSocketTransportOptions applyTo(WebSocketTransportOptions options) {
        if (authorization != null && options.headers().keySet().stream().anyMatch(AUTHORIZATION::equalsIgnoreCase)) {
            throw new IllegalArgumentException("url: expected no user and password beside a header " + AUTHORIZATION);
        }
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

    /** Shows no credentials. */
    @Override
    public String toString() {
        return scheme() + "://" + authority() + target;
    }
}
