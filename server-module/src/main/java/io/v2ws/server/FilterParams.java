package io.v2ws.server;

import io.v2ws.HostAndPort;
import io.v2ws.WebSocketEngine;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.internal.net.DurationText;
import io.v2ws.internal.net.TrustedProxy;
import io.v2ws.server.FilterPlan.TunnelPlan;
import io.v2ws.server.ParamSources.Param;
import io.v2ws.server.ParamSources.Place;
import io.v2ws.tcp.AddressOrder;
import io.v2ws.tcp.TcpKeepAlive;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Reads the configuration of a {@link WebSocketUpgradeFilter} in {@code web.xml} from its {@link ParamSources}. The
 * transport has the keys of {@link TransportParams}. An unknown init-param is an error. Starts nothing.
 *
 * <table>
 * <caption>Other keys</caption>
 * <tr><th>key</th><th>value</th></tr>
 * <tr><td>hosts, trusted_proxies</td><td>separated by commas or white space</td></tr>
 * <tr><td>forward</td><td>the TCP service, {@code host:port}; without it the tunnel is an echo</td></tr>
 * <tr><td>connect_timeout</td><td>with forward: a duration such as {@code 20s}</td></tr>
 * <tr><td>tcp_keepalive_idle, tcp_keepalive_interval</td>
 *     <td>with forward: durations, see {@link TcpKeepAlive}</td></tr>
 * <tr><td>tcp_keepalive_count</td><td>with forward: a number, see {@link TcpKeepAlive}</td></tr>
 * <tr><td>prefer_ipv4, prefer_ipv6</td>
 *     <td>with forward: {@code true} to try these addresses of the service first</td></tr>
 * <tr><td>handler</td><td>instead of forward: the class name of a {@link TunnelHandler} with a public constructor
 *     without parameters</td></tr>
 * <tr><td>engine</td><td>{@code direct} (the default where it is possible) or {@code jetty}</td></tr>
 * <tr><td>config</td><td>the name of a file, see {@link TunnelFile}; its tunnels take the place of all context-params
 *     and init-params of tunnels</td></tr>
 * <tr><td>on_error</td><td>{@code pass} (default): a filter that cannot start passes every request on; {@code fail}:
 *     it fails the start of the application</td></tr>
 * <tr><td>health_path</td><td>see {@link ApplicationParams}</td></tr>
 * </table>
 */
final class FilterParams {
    private static final List<String> TUNNEL = List.of("hosts", "trusted_proxies", "forward", "handler");

    private static final List<String> KEEPALIVE =
            List.of("tcp_keepalive_idle", "tcp_keepalive_interval", "tcp_keepalive_count");

    private static final List<String> ADDRESS_ORDER = List.of("prefer_ipv4", "prefer_ipv6");

    /** The key of the file. */
    static final String CONFIG = "config";

    private static final List<String> FILTER = List.of("connect_timeout", "engine", CONFIG, "on_error");

    private final ParamSources sources;
    private final List<String> warnings = new ArrayList<>();

    FilterParams(ParamSources sources) {
        this.sources = sources;
    }

    /**
     * Whether a filter that cannot start fails the start of the application.
     *
     * @throws IllegalArgumentException if the value is none
     */
    boolean failsOnError() {
        return sources.get("on_error")
                .map(param -> ParamText.oneOf(param, "pass", "fail"))
                .filter("fail"::equals)
                .isPresent();
    }

    /**
     * Reads everything.
     *
     * @param file finds what reads the file that {@code config} names; null for nothing
     * @throws IllegalArgumentException that names key, place, value and what was expected
     */
    FilterPlan read(Supplier<TunnelFile> file) {
        reportUnknown();
        failsOnError();
        Optional<TunnelFile.Content> content = sources.get(CONFIG).map(param -> readFile(param, file.get()));
        new ApplicationParams(sources, file).healthPath();
        TcpKeepAlive keepAlive = keepAlive(content);
        List<TunnelPlan> tunnels = content.isPresent() ? tunnels(content.get()) : List.of(tunnel());
        content.ifPresent(read -> warnings.addAll(read.warnings()));
        WebSocketEngine engine = sources.get("engine")
                .map(param -> ParamText.oneOf(param, "direct", "jetty", "servlet"))
                .map(name -> WebSocketEngine.valueOf(name.toUpperCase(Locale.ROOT)))
                .orElse(WebSocketEngine.DIRECT);
        return new FilterPlan(engine, keepAlive, addressOrder(content), tunnels, warnings);
    }

    /** A container's environment holds names that were not made for the filter, so that only init-params are errors. */
    private void reportUnknown() {
        Collection<String> known = new TreeSet<>(TransportParams.names());
        known.addAll(TUNNEL);
        known.addAll(KEEPALIVE);
        known.addAll(ADDRESS_ORDER);
        known.addAll(FILTER);
        known.addAll(ApplicationParams.NAMES);
        for (Param param : sources.unknown(known)) {
            if (param.place() == Place.INIT_PARAM) {
                throw new IllegalArgumentException("unknown init-param " + param.name() + "; known are " + known);
            }
            warnings.add("unknown " + param.where() + " is ignored");
        }
    }

    /**
     * Reads the file that the key {@link #CONFIG} names.
     *
     * @param file null for nothing that can read it
     */
    static TunnelFile.Content readFile(Param param, TunnelFile file) {
        return ParamText.read(param, name -> {
            if (file == null) {
                throw new IllegalArgumentException(
                        "expected no file, as nothing in the application can read one (no service of the type "
                                + TunnelFile.class.getName() + ")");
            }
            return file.read(Path.of(name));
        });
    }

    private TunnelPlan tunnel() {
        WebSocketTransportOptions options =
                TransportParams.apply(WebSocketTransportOptions.builder().build(), sources::get);
        Optional<Param> forward = sources.get("forward");
        Optional<Param> handler = sources.get("handler");
        if (forward.isPresent() && handler.isPresent()) {
            int order = forward.get().place().compareTo(handler.get().place());
            if (order == 0) {
                throw new IllegalArgumentException("expected one of "
                        + forward.get().where() + " and " + handler.get().where() + ", got both");
            }
            forward = order < 0 ? forward : Optional.empty();
        }
        return plan(
                options,
                forward.map(FilterParams::address),
                forward.isEmpty() ? handler : Optional.empty(),
                sources::get,
                List.of(),
                List.of());
    }

    private List<TunnelPlan> tunnels(TunnelFile.Content content) {
        Function<String, Optional<Param>> overrides =
                key -> sources.get(key).filter(param -> param.place().isBeforeFile());
        if (content.tunnels().size() > 1) {
            rejectOverrides(overrides, content.tunnels().size());
        }
        // As in serve: a tunnel in path mode matches every path that starts with its own.
        return content.tunnels().stream()
                .sorted(Comparator.comparingInt(
                        tunnel -> -tunnel.options().path().length()))
                .map(tunnel -> overridden(tunnel, overrides))
                .toList();
    }

    private static void rejectOverrides(Function<String, Optional<Param>> overrides, int tunnels) {
        List<String> keys = new ArrayList<>(TransportParams.names());
        keys.addAll(TUNNEL);
        for (String key : keys) {
            overrides.apply(key).ifPresent(param -> {
                throw ParamText.error(param, "expected to stand in the file, which has " + tunnels + " tunnels", null);
            });
        }
    }

    private TunnelPlan overridden(TunnelFile.Tunnel tunnel, Function<String, Optional<Param>> overrides) {
        WebSocketTransportOptions options = TransportParams.apply(tunnel.options(), overrides);
        Optional<Param> handler = overrides.apply("handler");
        Optional<HostAndPort> forward = overrides.apply("forward").map(FilterParams::address);
        if (forward.isPresent() && handler.isPresent()) {
            throw ParamText.error(handler.get(), "expected either forward or handler", null);
        }
        if (handler.isEmpty()) {
            forward = forward.or(tunnel::forward);
        }
        return plan(options, forward, handler, overrides, tunnel.hosts(), tunnel.trustedProxies());
    }

    private TunnelPlan plan(
            WebSocketTransportOptions options,
            Optional<HostAndPort> forward,
            Optional<Param> handler,
            Function<String, Optional<Param>> params,
            List<String> hosts,
            List<String> trustedProxies) {
        params.apply("headers")
                .ifPresent(param -> ParamText.read(param, text -> {
                    FilterSettings.requireNoHandshakeHeader(options);
                    return text;
                }));
        TunnelHandler receiver = handler.map(FilterParams::handler).orElse(null);
        if (forward.isEmpty() && receiver == null) {
            warnings.add(
                    "no upstream is set (forward): the tunnel at " + options.path() + " sends back what it receives");
            receiver = new EchoHandler();
        }
        return new TunnelPlan(
                options,
                params.apply("hosts").map(FilterParams::list).orElse(hosts),
                params.apply("trusted_proxies").map(FilterParams::blocks).orElse(trustedProxies),
                forward,
                connectTimeout(),
                receiver);
    }

    private static HostAndPort address(Param param) {
        return ParamText.read(param, text -> {
            HostAndPort address = HostAndPort.parse(text);
            if (address.port() == 0) {
                throw new IllegalArgumentException("expected a port from 1 to 65535");
            }
            return address;
        });
    }

    private Duration connectTimeout() {
        return sources.get("connect_timeout")
                .map(param -> ParamText.read(param, text -> {
                    Duration timeout = DurationText.parse(text);
                    if (timeout.isZero() || timeout.isNegative()) {
                        throw new IllegalArgumentException("expected more than zero");
                    }
                    return timeout;
                }))
                .orElse(TcpForwarder.DEFAULT_CONNECT_TIMEOUT);
    }

    private TcpKeepAlive keepAlive(Optional<TunnelFile.Content> content) {
        Function<String, Optional<Param>> params = key -> sources.get(key)
                .filter(param -> content.isEmpty() || param.place().isBeforeFile());
        TcpKeepAlive base = content.flatMap(TunnelFile.Content::tcpKeepAlive).orElse(TcpKeepAlive.DEFAULT);
        TcpKeepAlive idle = params.apply("tcp_keepalive_idle")
                .map(param -> ParamText.read(param, text -> base.withIdle(DurationText.parse(text))))
                .orElse(base);
        TcpKeepAlive interval = params.apply("tcp_keepalive_interval")
                .map(param -> ParamText.read(param, text -> idle.withInterval(DurationText.parse(text))))
                .orElse(idle);
        return params.apply("tcp_keepalive_count")
                .map(param -> ParamText.read(
                        param, text -> interval.withCount(ParamText.wholeNumber(text, 1, TcpKeepAlive.MAX_COUNT))))
                .orElse(interval);
    }

    private AddressOrder addressOrder(Optional<TunnelFile.Content> content) {
        Function<String, Optional<Param>> params = key -> sources.get(key)
                .filter(param -> content.isEmpty() || param.place().isBeforeFile());
        Optional<Param> ipv4 = params.apply("prefer_ipv4");
        Optional<Param> ipv6 = params.apply("prefer_ipv6");
        if (ipv4.isEmpty() && ipv6.isEmpty()) {
            return content.flatMap(TunnelFile.Content::addressOrder).orElse(AddressOrder.SYSTEM);
        }
        boolean first =
                ipv4.map(param -> ParamText.read(param, ParamText::bool)).orElse(false);
        boolean second =
                ipv6.map(param -> ParamText.read(param, ParamText::bool)).orElse(false);
        if (first && second) {
            throw ParamText.error(ipv6.get(), "expected no prefer_ipv4 beside it", null);
        }
        return AddressOrder.of(first, second);
    }

    private static TunnelHandler handler(Param param) {
        try {
            return (TunnelHandler)
                    Class.forName(param.text(), true, Thread.currentThread().getContextClassLoader())
                            .getConstructor()
                            .newInstance();
        } catch (ReflectiveOperationException | ClassCastException | LinkageError x) {
            throw ParamText.error(
                    param,
                    "expected a class that implements TunnelHandler and has a public constructor without parameters",
                    x);
        }
    }

    private static List<String> list(Param param) {
        return Arrays.stream(param.text().split("[\\s,]+"))
                .filter(item -> !item.isEmpty())
                .toList();
    }

    private static List<String> blocks(Param param) {
        return ParamText.read(param, text -> {
            List<String> blocks = list(param);
            blocks.forEach(TrustedProxy::parse);
            return blocks;
        });
    }
}
