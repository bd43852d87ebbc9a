package io.v2ws.cli;

import io.v2ws.HostAndPort;
import io.v2ws.internal.net.CidrBlock;
import io.v2ws.internal.net.HostUrl;
import io.v2ws.internal.net.IpLiteral;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The proxy that a client goes through, and why. Without {@code --proxy} it is that of the environment, chosen as curl
 * does: {@code http_proxy} counts in lower case only, because a CGI program has the header {@code Proxy} of its
 * visitors in {@code HTTP_PROXY}.
 *
 * @param url null for no proxy; may hold a password
 * @param why for the user
 */
record ProxyChoice(String url, String why) {
    private static final String NONE = "none";
    private static final String SYSTEM = "system";
    private static final List<String> FOR_WS = List.of("ws_proxy", "WS_PROXY", "http_proxy", "all_proxy", "ALL_PROXY");
    private static final List<String> FOR_WSS =
            List.of("wss_proxy", "WSS_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY");

    /**
     * Chooses.
     *
     * @param given a URL, {@code none} or {@code system}; null for the environment's
     * @param secure whether the tunnel has TLS
     * @param target what TCP would connect to without a proxy
     * @param environment variables by their names
     * @param jvms asked for {@code system}, before the environment; null for none
     * @throws IllegalArgumentException if a variable holds something else than a proxy
     */
    static ProxyChoice of(
            String given, boolean secure, HostAndPort target, Map<String, String> environment, ProxySelector jvms) {
        if (NONE.equals(given)) {
            return new ProxyChoice(null, "--proxy none, or that in the file");
        }
        if (given != null && !SYSTEM.equals(given)) {
            return new ProxyChoice(given, "--proxy or the file");
        }
        ProxyChoice ofJvm = given == null || jvms == null ? null : ofJvm(secure, target, jvms);
        return ofJvm != null ? ofJvm : ofEnvironment(secure, target, environment);
    }

    private static ProxyChoice ofJvm(boolean secure, HostAndPort target, ProxySelector jvms) {
        // Java's own selector knows no ws and wss.
        URI uri = URI.create((secure ? "https://" : "http://") + target + "/");
        Proxy first = jvms.select(uri).stream().findFirst().orElse(Proxy.NO_PROXY);
        if (first.type() == Proxy.Type.DIRECT) {
            return null;
        }
        InetSocketAddress address = (InetSocketAddress) first.address();
        String scheme = first.type() == Proxy.Type.SOCKS ? "socks5://" : "http://";
        return new ProxyChoice(
                scheme + new HostAndPort(address.getHostString(), address.getPort()),
                "Java's settings (-Dhttps.proxyHost and the like)");
    }

    private static ProxyChoice ofEnvironment(boolean secure, HostAndPort target, Map<String, String> environment) {
        String variable = firstSet(secure ? FOR_WSS : FOR_WS, environment);
        if (variable == null) {
            return new ProxyChoice(null, "the environment names none");
        }
        String except = firstSet(List.of("no_proxy", "NO_PROXY"), environment);
        String pattern = except == null ? null : matching(environment.get(except), target.host());
        if (pattern != null) {
            return new ProxyChoice(null, except + " has " + pattern);
        }
        String value = environment.get(variable).strip();
        String url = value.contains("://") ? value : "http://" + value;
        String scheme = url.substring(0, url.indexOf("://")).toLowerCase(Locale.ROOT);
        if (!List.of("http", "socks5", "socks5h").contains(scheme)) {
            throw new IllegalArgumentException(
                    variable + ": expected an http:// or socks5:// proxy, which v2ws can use,"
                            + " got one of another kind; --proxy none goes without it");
        }
        try {
            HostUrl.parse(url);
        } catch (IllegalArgumentException x) {
            throw new IllegalArgumentException(variable + ": " + x.getMessage(), x);
        }
        return new ProxyChoice(url, variable);
    }

    private static String firstSet(List<String> names, Map<String, String> environment) {
        return names.stream()
                .filter(name -> !environment.getOrDefault(name, "").isBlank())
                .findFirst()
                .orElse(null);
    }

    /** Returns the entry of a list like that of {@code NO_PROXY} that a host matches; null for none. */
    private static String matching(String list, String host) {
        String name = withoutDots(host);
        InetAddress address = IpLiteral.parse(name);
        for (String entry : list.strip().split("[\\s,]+")) {
            String pattern = withoutDots(entry);
            boolean matches = entry.equals("*")
                    || (address == null
                            ? name.equals(pattern) || name.endsWith("." + pattern)
                            : contains(entry, address));
            if (matches && !entry.isEmpty()) {
                return entry;
            }
        }
        return null;
    }

    private static String withoutDots(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("^\\.+|\\.+$", "");
    }

    private static boolean contains(String entry, InetAddress address) {
        try {
            return CidrBlock.parse(entry.replaceAll("[\\[\\]]", "")).contains(address);
        } catch (IllegalArgumentException aName) {
            return false;
        }
    }

    /** Returns what {@code --verbose} says; without a password. */
    String describe() {
        return url == null ? "no proxy: " + why : "proxy: " + HostUrl.parse(url) + ", from " + why;
    }
}
