package io.v2ws.server;

import io.v2ws.EarlyData;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.WebSocketTransportOptions.EarlyDataMode;
import io.v2ws.internal.websocket.EarlyDataReceipt;
import io.v2ws.internal.websocket.Handshake;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides whether a request opens a tunnel: rules S1 to S7, S9, S10, S12 and S19 of the wire contract. Pure: the result
 * depends on the request head and the options alone.
 */
final class UpgradeMatcher {
    private static final String KEY = "Sec-WebSocket-Key";
    private static final int KEY_BYTES = 16;
    private static final int KEY_CHARACTERS = 24;
    private static final Logger LOG = LoggerFactory.getLogger(WebSocketUpgradeFilter.class);
    private static final byte[] NONE = {};
    private static final int BAD_REQUEST = HttpServletResponse.SC_BAD_REQUEST;
    /** RFC 9110, 15.5.22. Not among the constants of {@link HttpServletResponse}. */
    static final int UPGRADE_REQUIRED = 426;

    /** The grammar of RFC 6455, 9.1. The quantifiers are possessive, so that no input takes long to match. */
    private static final Pattern EXTENSIONS = extensions();

    private final WebSocketTransportOptions options;
    private final EarlyDataMode mode;
    private final HostList hosts;
    /** The configured path without its query. */
    private final String path;
    /** The query of the configured path; null for none. */
    private final String query;

    UpgradeMatcher(WebSocketTransportOptions options, HostList hosts) {
        this.options = options;
        this.mode = options.earlyDataMode();
        this.hosts = hosts;
        int question = options.path().indexOf('?');
        this.path = question < 0 ? options.path() : options.path().substring(0, question);
        this.query = question < 0 ? null : options.path().substring(question + 1);
    }

    UpgradeDecision decide(RequestHead head) {
        String rest = matchPath(head);
        if (rest == null || !hosts.accepts(head.header("Host"))) {
            return UpgradeDecision.PassOn.INSTANCE;
        }
        if (!asksForUpgrade(head)) {
            LOG.debug(
                    "A request for the tunnel at {} asks for no upgrade; a proxy on the way may not pass the headers"
                            + " Upgrade and Connection on",
                    options.path());
            return UpgradeDecision.PassOn.INSTANCE;
        }
        UpgradeDecision broken = findFault(head);
        return broken != null ? broken : accept(head, rest);
    }

    /**
     * Returns what follows the configured path, which is empty except in path mode; null if the path does not match.
     */
    private String matchPath(RequestHead head) {
        if (mode != EarlyDataMode.PATH) {
            return head.path().equals(path) ? "" : null;
        }
        if (query == null) {
            return behind(path, head.path());
        }
        // v2ray appends early data behind the query, v2ws inserts it before the query (C12). Both are accepted.
        String whole = head.query() == null ? head.path() : head.path() + '?' + head.query();
        String rest = behind(options.path(), whole);
        return rest == null && query.equals(head.query()) ? behind(path, head.path()) : rest;
    }

    private static Pattern extensions() {
        String token = "[!#$%&'*+\\-.^_`|~0-9A-Za-z]++";
        String value = "(?:" + token + "|\"(?:[^\"\\\\\\p{Cntrl}]|\\\\.)*+\")";
        String parameter = "[ \t]*+;[ \t]*+" + token + "(?:[ \t]*+=[ \t]*+" + value + ")?+";
        String extension = token + "(?:" + parameter + ")*+";
        return Pattern.compile("[ \t]*+" + extension + "(?:[ \t]*+,[ \t]*+" + extension + ")*+[ \t]*+");
    }

    private static String behind(String prefix, String text) {
        return text.startsWith(prefix) ? text.substring(prefix.length()) : null;
    }

    private static boolean asksForUpgrade(RequestHead head) {
        return head.hasToken("Upgrade", "websocket") && head.hasToken("Connection", "upgrade");
    }

    private static UpgradeDecision.Reject findFault(RequestHead head) {
        if (!head.method().equals("GET")) {
            return new UpgradeDecision.Reject(BAD_REQUEST, "expected the method GET");
        }
        if (!head.protocol().equals("HTTP/1.1")) {
            return new UpgradeDecision.Reject(BAD_REQUEST, "expected HTTP/1.1");
        }
        if (!head.header("Upgrade").stream().allMatch("websocket"::equalsIgnoreCase)) {
            // RFC 9110, 7.8 allows a list of protocols; Jetty does not upgrade such a request.
            return new UpgradeDecision.Reject(BAD_REQUEST, "expected websocket as the only protocol to upgrade to");
        }
        if (!List.of("13").equals(head.header("Sec-WebSocket-Version"))) {
            return new UpgradeDecision.Reject(UPGRADE_REQUIRED, "expected Sec-WebSocket-Version: 13");
        }
        if (!head.header("Sec-WebSocket-Extensions").stream()
                .allMatch(value -> EXTENSIONS.matcher(value).matches())) {
            // Every extension is declined (S14), but a value that breaks the grammar must fail the handshake (RFC
            // 6455, 9.1).
            return new UpgradeDecision.Reject(BAD_REQUEST, "expected a list of extensions in Sec-WebSocket-Extensions");
        }
        if (!hasValidKey(head)) {
            return new UpgradeDecision.Reject(BAD_REQUEST, "expected one Sec-WebSocket-Key of 16 bytes in base64");
        }
        if (hasBody(head)) {
            // Frames follow an upgrade request. A body could be read as frames, or frames as a body.
            return new UpgradeDecision.Reject(BAD_REQUEST, "expected a request without a body");
        }
        return null;
    }

    private static boolean hasValidKey(RequestHead head) {
        List<String> keys = head.header(KEY);
        if (keys.size() != 1 || keys.get(0).length() != KEY_CHARACTERS) {
            return false;
        }
        try {
            return Base64.getDecoder().decode(keys.get(0)).length == KEY_BYTES;
        } catch (IllegalArgumentException notBase64) {
            return false;
        }
    }

    private static boolean hasBody(RequestHead head) {
        return !head.header("Transfer-Encoding").isEmpty()
                || head.header("Content-Length").stream().anyMatch(length -> !length.equals("0"));
    }

    private UpgradeDecision accept(RequestHead head, String rest) {
        List<String> values = mode == EarlyDataMode.HEADER ? head.header(options.earlyDataHeaderName()) : List.of();
        // A header that is sent twice means a list (RFC 9110, 5.3), and the comma of a list is not base64url.
        String text = mode == EarlyDataMode.HEADER ? String.join(",", values) : rest;
        try {
            byte[] earlyData = text.isEmpty() ? NONE : EarlyData.decode(text);
            boolean echo = options.isEarlyDataInSubprotocol() && !text.isEmpty();
            String key = head.header(KEY).get(0);
            // The echo is a receipt too. Proxies bound the size of a response head.
            boolean halfClose = Handshake.announcesHalfClose(key);
            boolean receipt = !echo && (halfClose || Handshake.isKeyOfV2ws(key));
            return new UpgradeDecision.Accept(
                    earlyData,
                    echo ? text : null,
                    receipt ? EarlyDataReceipt.of(options, key, earlyData).value() : null,
                    halfClose);
        } catch (IllegalArgumentException undecodable) {
            return new UpgradeDecision.Reject(
                    BAD_REQUEST, "expected early data in base64url: " + undecodable.getMessage());
        }
    }
}
