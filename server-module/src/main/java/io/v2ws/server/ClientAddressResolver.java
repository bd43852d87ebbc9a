package io.v2ws.server;

import io.v2ws.internal.net.IpLiteral;
import io.v2ws.internal.net.TrustedProxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;

/**
 * Finds the address of the client (S13). It is the address of the socket's peer, unless the peer is a trusted proxy.
 * Then it is the rightmost hop of {@code Forwarded} (RFC 7239) or {@code X-Forwarded-For} that is not a trusted
 * proxy. If the configuration names another header for the peer, that header alone counts. No proxy is trusted by
 * default.
 */
final class ClientAddressResolver {
    private final List<TrustedProxy> trusted;

    ClientAddressResolver(Collection<TrustedProxy> trusted) {
        this.trusted = List.copyOf(trusted);
    }

    /** Whether everybody of a family may say which address the client has. */
    boolean trustsEverybody() {
        return trusted.stream().anyMatch(proxy -> proxy.block().prefix() == 0);
    }

    InetSocketAddress resolve(InetSocketAddress peer, Function<String, List<String>> headers) {
        if (!isTrusted(peer.getAddress())) {
            return peer;
        }
        String header = headerOf(peer.getAddress());
        if (header != null) {
            return single(peer, headers.apply(header));
        }
        List<String> forwarded = forwarded(headers.apply("Forwarded"));
        List<String> xForwardedFor = xForwardedFor(headers.apply("X-Forwarded-For"));
        if (forwarded.isEmpty() || xForwardedFor.isEmpty()) {
            return rightmostUntrusted(peer, forwarded.isEmpty() ? xForwardedFor : forwarded);
        }
        // Both headers are there. A proxy writes one of them and passes the other on as the client sent it, so the
        // client's address counts only if they agree.
        InetSocketAddress client = rightmostUntrusted(peer, forwarded);
        InetAddress other = rightmostUntrusted(peer, xForwardedFor).getAddress();
        return client.getAddress().equals(other) ? client : peer;
    }

    private InetSocketAddress rightmostUntrusted(InetSocketAddress peer, List<String> hops) {
        InetSocketAddress client = peer;
        for (int i = hops.size() - 1; i >= 0; i--) {
            InetSocketAddress hop = parse(hops.get(i));
            if (hop == null) {
                // "unknown" or an obfuscated name (RFC 7239, 6.3): the last known hop is the best answer.
                return client;
            }
            client = hop;
            if (!isTrusted(hop.getAddress())) {
                return client;
            }
        }
        return client;
    }

    private boolean isTrusted(InetAddress address) {
        return trusted.stream().anyMatch(proxy -> proxy.block().contains(address));
    }

    /** Returns the header that a trusted proxy is known to set; null for the two standard ones. */
    private String headerOf(InetAddress proxy) {
        return trusted.stream()
                .filter(candidate ->
                        candidate.header() != null && candidate.block().contains(proxy))
                .map(TrustedProxy::header)
                .findFirst()
                .orElse(null);
    }

    /** A proxy sets such a header to one address. Where it comes twice, the proxy passes on what the client sent. */
    private static InetSocketAddress single(InetSocketAddress peer, List<String> values) {
        InetSocketAddress client = values.size() == 1 ? parse(values.get(0)) : null;
        return client == null ? peer : client;
    }

    private static List<String> forwarded(List<String> values) {
        List<String> hops = new ArrayList<>();
        values.forEach(value -> hops.addAll(ForwardedHeader.hops(value)));
        return hops;
    }

    private static List<String> xForwardedFor(List<String> values) {
        List<String> hops = new ArrayList<>();
        values.forEach(value -> hops.addAll(List.of(value.split(","))));
        return hops;
    }

    /**
     * Reads {@code 192.0.2.1}, {@code 192.0.2.1:4711}, {@code 2001:db8::1}, {@code [2001:db8::1]:4711}; else null.
     */
    private static InetSocketAddress parse(String hop) {
        String text = hop.trim().replace("\"", "");
        int port = 0;
        int bracket = text.indexOf(']');
        int colon = text.lastIndexOf(':');
        boolean hasPort = text.startsWith("[") ? colon == bracket + 1 : colon >= 0 && text.indexOf(':') == colon;
        if (hasPort) {
            String digits = text.substring(colon + 1);
            if (!digits.matches("[0-9]{1,5}") || Integer.parseInt(digits) > 65_535) {
                return null;
            }
            port = Integer.parseInt(digits);
            text = text.substring(0, colon);
        }
        if (text.startsWith("[") && text.endsWith("]")) {
            text = text.substring(1, text.length() - 1);
        }
        InetAddress address = IpLiteral.parse(text);
        return address == null ? null : new InetSocketAddress(address, port);
    }
}
