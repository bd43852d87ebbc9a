package io.v2ws.client;

import java.util.regex.Pattern;

/** What the user can do about a refused upgrade, by its HTTP status. */
final class RefusalHints {
    /** The types of TLS records (RFC 8446, 5.1). */
    private static final String TLS_ALERT = "\u0015";

    private static final String TLS_HANDSHAKE = "\u0016";

    private static final Pattern PROXY_AUTHENTICATE = Pattern.compile("(?im)^Proxy-Authenticate:");
    private static final Pattern BASIC = Pattern.compile("(?im)^Proxy-Authenticate:[^\r\n]*\\bBasic\\b");

    private RefusalHints() {}

    /**
     * Returns the hint for the status of a server, or of a proxy in front of it.
     *
     * @param earlyDataInPath whether the refused request had early data in its path
     * @return empty for none
     */
    static String forStatus(int status, boolean earlyDataInPath) {
        String hint = forStatus(status);
        boolean noTunnel = status == 200 || status == 400 || status == 403 || status == 404;
        return earlyDataInPath && noTunnel
                ? hint + "; or a proxy on the way matches the path exactly: early data follows it, so match PATH*"
                : hint;
    }

    private static String forStatus(int status) {
        return switch (status) {
            case 101 -> "the other end does not speak RFC 6455, or something on the way changes it";
            case 200 ->
                "an ordinary page answered: the path is wrong, or a proxy on the way does not pass the upgrade on";
            case 301, 302, 303, 307, 308 -> "redirects are not followed: use the address they point to";
            case 400 ->
                "the server expects early data in another place, or got a damaged request, or a proxy on the way does"
                        + " not pass the headers Upgrade and Connection on";
            case 401, 403 -> "the site or a CDN wants a login or blocks this client: check the headers";
            case 404 ->
                "check path, Host header and early data; all must be as the server has them; or a proxy on the way"
                        + " does not pass the headers Upgrade and Connection on";
            case 414, 431 -> "the request is too long: lower max_early_data";
            case 426 -> "the server wants another WebSocket version";
            case 429 -> "too many requests: wait and try again";
            case 501 -> "something on the way has no WebSockets, or none over this version of HTTP";
            case 502, 503, 504 ->
                "the proxy in front of the server cannot reach it; with early data in a header, an echoed"
                        + " value may also be too long for it";
            // Cloudflare's own: the status codes between its edge and the origin.
            case 520 -> "Cloudflare got an empty or unreadable answer from the server behind it";
            case 521 ->
                "the server behind Cloudflare refuses its connections: is it up, and does a firewall let them in?";
            case 522 -> "Cloudflare's connections to the server behind it time out: is it up, and its address right?";
            case 523 -> "Cloudflare finds no way to the server behind it: check the address in its DNS records";
            case 524 -> "the server behind Cloudflare took the request and did not answer it";
            case 525 -> "the TLS handshake between Cloudflare and the server failed: check Cloudflare's TLS mode";
            case 526 -> "Cloudflare does not accept the server's certificate: change it, or Cloudflare's TLS mode";
            case 527 -> "the connection between Cloudflare's Railgun and the server failed";
            case 530 -> "Cloudflare cannot find the server or its tunnel (cloudflared) is down";
            default -> "";
        };
    }

    private static boolean wantsMoreThanBasic(String head) {
        return PROXY_AUTHENTICATE.matcher(head).find() && !BASIC.matcher(head).find();
    }

    /**
     * Returns the hint for an answer that is no HTTP.
     *
     * @param server the URL of what was asked
     * @param begin how the answer begins, each byte as a character; empty if that is not known
     */
    static String forNoHttp(String server, String begin) {
        if (server.startsWith("wss:")) {
            return "is this a web server?";
        }
        if (begin.startsWith(TLS_ALERT) || begin.startsWith(TLS_HANDSHAKE)) {
            return "the port speaks TLS: use wss://";
        }
        String protocol = begin.startsWith("SSH-")
                ? "SSH"
                : begin.startsWith("220") ? "SMTP or FTP" : begin.startsWith("* OK") ? "IMAP" : null;
        return protocol == null
                ? "is this a web server? one with TLS needs a wss:// URL"
                : "the port speaks " + protocol + ": use that of the WebSocket server in front of it";
    }

    /**
     * Returns the hint for the answer of an HTTP proxy to CONNECT.
     *
     * @param head of the answer
     * @return empty for none
     */
    static String forProxyStatus(int status, String head) {
        return switch (status) {
            case 401 -> "this is a web server, or a proxy that asks as one: check the proxy's address and credentials";
            case 403 -> "the proxy does not allow CONNECT to this server or port; many allow 443 only";
            case 405, 501 -> "the proxy does not do CONNECT";
            case 407 ->
                wantsMoreThanBasic(head)
                        ? "the proxy takes only credentials other than Basic (NTLM or Negotiate for instance), which"
                                + " v2ws does not have; a local proxy in between can do that"
                        : "the proxy wants a user and a password, or other ones";
            case 502, 503, 504 -> "the proxy cannot reach the server";
            default -> "";
        };
    }
}
