package io.v2ws.server;

import io.v2ws.HostAndPort;
import io.v2ws.WebSocketEngine;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.internal.net.DurationText;
import io.v2ws.internal.net.HeaderLine;
import io.v2ws.internal.net.Printable;
import io.v2ws.tcp.TcpConnector;
import io.v2ws.tcp.TcpKeepAlive;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;

/**
 * Reads the init-params of a {@link WebSocketUpgradeFilter} in {@code web.xml}. Their names are the keys of sing-box's
 * transport object and of the command line's configuration. An unknown name is an error. Starts nothing.
 *
 * <table>
 * <caption>Init-params</caption>
 * <tr><th>name</th><th>value</th></tr>
 * <tr><td>path, max_early_data, early_data_header_name</td><td>as in sing-box</td></tr>
 * <tr><td>headers</td><td>for the 101 response, one {@code Name: value} per line</td></tr>
 * <tr><td>ping_interval, pong_timeout, close_timeout, close_write_timeout, half_close_linger, reset_delay,
 *     connect_timeout</td>
 *     <td>a duration such as {@code 20s}</td></tr>
 * <tr><td>half_close</td><td>{@code true} or {@code false}</td></tr>
 * <tr><td>hosts, trusted_proxies</td><td>separated by commas or white space</td></tr>
 * <tr><td>engine</td><td>{@code direct} (the default where it is possible) or {@code jetty}</td></tr>
 * <tr><td>forward</td><td>the TCP service, {@code host:port}</td></tr>
 * <tr><td>tcp_keepalive_idle, tcp_keepalive_interval</td>
 *     <td>with forward: durations, see {@link TcpKeepAlive}</td></tr>
 * <tr><td>tcp_keepalive_count</td><td>with forward: a number, see {@link TcpKeepAlive}</td></tr>
 * <tr><td>handler</td><td>instead of forward: the class name of a {@link TunnelHandler} with a public constructor
 *     without parameters</td></tr>
 * </table>
 */
final class InitParams {
    private static final Map<String, BiConsumer<WebSocketTransportOptions.Builder, String>> TRANSPORT =
            new LinkedHashMap<>();

    static {
        TRANSPORT.put("path", WebSocketTransportOptions.Builder::path);
        TRANSPORT.put("max_early_data", (builder, value) -> builder.maxEarlyData(Integer.parseInt(value)));
        TRANSPORT.put("early_data_header_name", WebSocketTransportOptions.Builder::earlyDataHeaderName);
        TRANSPORT.put("headers", (builder, value) -> builder.headers(HeaderLine.parseAll(List.of(value.split("\n")))));
        TRANSPORT.put("ping_interval", (builder, value) -> builder.pingInterval(DurationText.parse(value)));
        TRANSPORT.put("pong_timeout", (builder, value) -> builder.pongTimeout(DurationText.parse(value)));
        TRANSPORT.put("close_timeout", (builder, value) -> builder.closeTimeout(DurationText.parse(value)));
        TRANSPORT.put("close_write_timeout", (builder, value) -> builder.closeWriteTimeout(DurationText.parse(value)));
        TRANSPORT.put("half_close", (builder, value) -> builder.halfClose(bool(value)));
        TRANSPORT.put("half_close_linger", (builder, value) -> builder.halfCloseLinger(DurationText.parse(value)));
        TRANSPORT.put("reset_delay", (builder, value) -> builder.resetDelay(DurationText.parse(value)));
    }

    private static final List<String> FILTER = List.of(
            "connect_timeout",
            "hosts",
            "trusted_proxies",
            "forward",
            "handler",
            "engine",
            "tcp_keepalive_idle",
            "tcp_keepalive_interval",
            "tcp_keepalive_count");

    private final FilterConfig config;

    InitParams(FilterConfig config) {
        this.config = config;
    }

    FilterSettings read() throws ServletException {
        rejectUnknown();
        WebSocketTransportOptions.Builder builder = WebSocketTransportOptions.builder();
        for (var param : TRANSPORT.entrySet()) {
            String value = value(param.getKey());
            if (value != null) {
                checked(param.getKey(), () -> {
                    param.getValue().accept(builder, value);
                    return null;
                });
            }
        }
        WebSocketTransportOptions options = builder.build();
        String forward = value("forward");
        String handler = value("handler");
        if ((forward == null) == (handler == null)) {
            throw new ServletException(where() + "expected one of the init-params forward and handler, got "
                    + (forward == null ? "neither" : "both"));
        }
        return handler == null ? forwarding(options, forward) : handling(options, handler);
    }

    private FilterSettings forwarding(WebSocketTransportOptions options, String forward) throws ServletException {
        HostAndPort upstream = checked("forward", () -> HostAndPort.parse(forward));
        String timeout = value("connect_timeout");
        Duration connectTimeout = timeout == null
                ? TcpForwarder.DEFAULT_CONNECT_TIMEOUT
                : checked("connect_timeout", () -> DurationText.parse(timeout));
        // The filter starts the connector, so that a wrong value behind this one leaves nothing to stop.
        TcpConnector connector = new TcpConnector(keepAlive());
        TcpForwarder forwarder =
                checked("connect_timeout", () -> new TcpForwarder(connector, upstream, options, connectTimeout));
        return settings(options, forwarder, connector);
    }

    private TcpKeepAlive keepAlive() throws ServletException {
        TcpKeepAlive idle = keepAlive(
                "tcp_keepalive_idle", TcpKeepAlive.DEFAULT, (base, value) -> base.withIdle(DurationText.parse(value)));
        TcpKeepAlive interval = keepAlive(
                "tcp_keepalive_interval", idle, (base, value) -> base.withInterval(DurationText.parse(value)));
        return keepAlive("tcp_keepalive_count", interval, (base, value) -> base.withCount(wholeNumber(value)));
    }

    private TcpKeepAlive keepAlive(
            String name, TcpKeepAlive base, BiFunction<TcpKeepAlive, String, TcpKeepAlive> change)
            throws ServletException {
        String value = value(name);
        return value == null ? base : checked(name, () -> change.apply(base, value));
    }

    private FilterSettings handling(WebSocketTransportOptions options, String className) throws ServletException {
        try {
            Object handler = Class.forName(
                            className, true, Thread.currentThread().getContextClassLoader())
                    .getConstructor()
                    .newInstance();
            return settings(options, (TunnelHandler) handler, null);
        } catch (ReflectiveOperationException | ClassCastException x) {
            throw new ServletException(
                    where() + "handler: expected a class that implements TunnelHandler and has a public constructor"
                            + " without parameters, got " + className,
                    x);
        }
    }

    private FilterSettings settings(WebSocketTransportOptions options, TunnelHandler handler, TcpConnector connector)
            throws ServletException {
        FilterSettings.Builder builder = checked("headers", () -> FilterSettings.builder(options, handler));
        checked("trusted_proxies", () -> builder.trustedProxies(list("trusted_proxies")));
        checked("engine", () -> builder.engine(engine()));
        return builder.hosts(list("hosts")).connector(connector).build();
    }

    private WebSocketEngine engine() {
        String value = value("engine");
        return value == null ? WebSocketEngine.DIRECT : WebSocketEngine.valueOf(value.toUpperCase(Locale.ROOT));
    }

    private void rejectUnknown() throws ServletException {
        for (String name : Collections.list(config.getInitParameterNames())) {
            if (!TRANSPORT.containsKey(name) && !FILTER.contains(name)) {
                TreeSet<String> known = new TreeSet<>(TRANSPORT.keySet());
                known.addAll(FILTER);
                throw new ServletException(where() + "unknown init-param " + name + "; known are " + known);
            }
        }
    }

    private String value(String name) {
        String value = config.getInitParameter(name);
        return value == null ? null : value.trim();
    }

    private List<String> list(String name) {
        String value = value(name);
        return value == null
                ? List.of()
                : Arrays.stream(value.split("[\\s,]+"))
                        .filter(item -> !item.isEmpty())
                        .toList();
    }

    private static boolean bool(String value) {
        if (!value.equals("true") && !value.equals("false")) {
            throw new IllegalArgumentException("expected true or false, got " + value);
        }
        return value.equals("true");
    }

    private static int wholeNumber(String value) {
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException x) {
            throw new IllegalArgumentException("expected a whole number, got " + Printable.quoted(value), x);
        }
    }

    /** Reads one value; an {@code IllegalArgumentException} says what is wrong with it. */
    private interface Reading<T> {
        T read();
    }

    private <T> T checked(String name, Reading<T> reading) throws ServletException {
        try {
            return reading.read();
        } catch (IllegalArgumentException x) {
            throw new ServletException(where() + name + ": " + x.getMessage(), x);
        }
    }

    private String where() {
        return "filter " + config.getFilterName() + ": ";
    }
}
