package io.v2ws.client;

/** What the user can do about a refused upgrade, by its HTTP status. */
final class RefusalHints {
    private RefusalHints() {}

    static String forStatus(int status) {
        return switch (status) {
            case 101 -> "the other end does not speak RFC 6455, or something on the way changes it";
            case 200 ->
                "an ordinary page answered: the path is wrong, or a proxy on the way does not pass the upgrade on";
            case 301, 302, 303, 307, 308 -> "redirects are not followed: use the address they point to";
            case 400 -> "the server expects early data in another place, or got a damaged request";
            case 401, 403 -> "the site or a CDN wants a login or blocks this client: check the headers";
            case 404 -> "check path, Host header and early data; all must be as the server has them";
            case 414, 431 -> "the request is too long: lower max_early_data";
            case 426 -> "the server wants another WebSocket version";
            case 429 -> "too many requests: wait and try again";
            case 502, 503, 504 ->
                "the proxy in front of the server cannot reach it; with early data in a header, an echoed"
                        + " value may also be too long for it";
            default -> "";
        };
    }

    static String forProxyStatus(int status) {
        return status == 407 ? "the proxy wants a user and a password, or other ones" : "";
    }
}
