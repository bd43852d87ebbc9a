package io.v2ws.server;

import io.v2ws.internal.net.IpLiteral;
import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Reads from servlet requests: what the decision about a tunnel needs, and what its handler gets to know. */
final class TunnelRequestReader {
    private final FilterSettings settings;

    TunnelRequestReader(FilterSettings settings) {
        this.settings = settings;
    }

    static RequestHead head(HttpServletRequest request) {
        // The context path is a prefix of the raw request URI.
        String path = request.getRequestURI().substring(request.getContextPath().length());
        return new RequestHead(
                request.getMethod(),
                request.getProtocol(),
                path.isEmpty() ? "/" : path,
                request.getQueryString(),
                name -> Collections.list(request.getHeaders(name)));
    }

    TunnelRequest read(HttpServletRequest request, int earlyDataLength) {
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String name : Collections.list(request.getHeaderNames())) {
            if (!name.equalsIgnoreCase(settings.options().earlyDataHeaderName())) {
                headers.put(name, Collections.list(request.getHeaders(name)));
            }
        }
        InetSocketAddress peer = new InetSocketAddress(address(request.getRemoteAddr()), request.getRemotePort());
        InetSocketAddress client =
                settings.clientAddresses().resolve(peer, name -> headers.getOrDefault(name, List.of()));
        return new TunnelRequest(request, client, settings.options().path(), headers, earlyDataLength);
    }

    /**
     * Reads an address that a container tells, without a look-up: behind a proxy some take it from a header.
     *
     * @param told may be null
     * @return 0.0.0.0 for what is no address
     */
    static InetAddress address(String told) {
        String text = Objects.requireNonNullElse(told, "");
        String literal = text.startsWith("[") ? text.substring(1, text.length() - 1) : text;
        // The zone of a link-local address has a meaning on this machine only.
        int zone = literal.indexOf('%');
        InetAddress address = IpLiteral.parse(zone < 0 ? literal : literal.substring(0, zone));
        // A Unix domain socket has no address. It must not match a trusted proxy.
        return address == null ? IpLiteral.parse("0.0.0.0") : address;
    }
}
