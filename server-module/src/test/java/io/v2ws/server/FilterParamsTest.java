package io.v2ws.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.v2ws.HostAndPort;
import io.v2ws.WebSocketStream;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.WebSocketTransportOptions.TextMode;
import io.v2ws.tcp.AddressOrder;
import io.v2ws.tcp.TcpConnector;
import io.v2ws.tcp.TcpKeepAlive;
import io.v2ws.testing.LeakCheck;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletContext;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The configuration of a filter of {@code web.xml}: keys, places and messages. */
@ExtendWith(LeakCheck.class)
class FilterParamsTest {
    private static final String HANDLER = EchoHandler.class.getName();

    /** Without a public constructor. */
    static final class Hidden implements TunnelHandler {
        @Override
        public void onTunnel(WebSocketStream stream, TunnelRequest request) {}
    }

    /** Cannot be made. */
    public static final class Failing implements TunnelHandler {
        /** Fails. */
        public Failing() {
            throw new IllegalStateException("no");
        }

        @Override
        public void onTunnel(WebSocketStream stream, TunnelRequest request) {}
    }

    /** The context-params have the names of the init-params that begin with {@code v2ws.}. */
    private record Config(Map<String, String> params, Map<String, String> contextParams) implements FilterConfig {
        @Override
        public String getFilterName() {
            return "tunnel-filter";
        }

        @Override
        public ServletContext getServletContext() {
            return (ServletContext) Proxy.newProxyInstance(
                    FilterParamsTest.class.getClassLoader(),
                    new Class<?>[] {ServletContext.class},
                    (proxy, method, arguments) -> switch (method.getName()) {
                        case "getInitParameterNames" -> Collections.enumeration(contextParams.keySet());
                        case "getInitParameter" -> contextParams.get(arguments[0]);
                        default -> throw new UnsupportedOperationException(method.getName());
                    });
        }

        @Override
        public String getInitParameter(String name) {
            return params.get(name);
        }

        @Override
        public Enumeration<String> getInitParameterNames() {
            return Collections.enumeration(params.keySet());
        }
    }

    /** What is configured where. */
    private static final class Places {
        private final Map<String, String> environment = new TreeMap<>();
        private final Map<String, String> properties = new TreeMap<>();
        private final Map<String, String> contextParams = new TreeMap<>();
        private final Map<String, String> initParams = new TreeMap<>();
        private TunnelFile file = path -> {
            throw new IllegalArgumentException(path + ": no such file");
        };

        Places environment(String... namesAndValues) {
            environment.putAll(params(namesAndValues));
            return this;
        }

        Places properties(String... namesAndValues) {
            properties.putAll(params(namesAndValues));
            return this;
        }

        Places contextParams(String... namesAndValues) {
            contextParams.putAll(params(namesAndValues));
            return this;
        }

        Places initParams(String... namesAndValues) {
            initParams.putAll(params(namesAndValues));
            return this;
        }

        /** A file with a tunnel to port 1 of localhost for each of these paths. */
        Places file(String... paths) {
            List<TunnelFile.Tunnel> tunnels = Arrays.stream(paths)
                    .map(path -> new TunnelFile.Tunnel(
                            WebSocketTransportOptions.builder().path(path).build(),
                            Optional.of(new HostAndPort("localhost", 1)),
                            List.of("file.example"),
                            List.of()))
                    .toList();
            file = name -> new TunnelFile.Content(
                    tunnels,
                    Optional.of(TcpKeepAlive.OFF),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    List.of());
            return environment("V2WS_CONFIG", "v2ws.json");
        }

        FilterPlan read() {
            return new FilterParams(new ParamSources(environment, properties, new Config(initParams, contextParams)))
                    .read(() -> file);
        }

        String path() {
            return read().tunnels().get(0).options().path();
        }
    }

    private static Map<String, String> params(String... namesAndValues) {
        Map<String, String> params = new TreeMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            params.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return params;
    }

    private static FilterPlan.TunnelPlan plan(String... namesAndValues) {
        Map<String, String> params = params(namesAndValues);
        params.putIfAbsent("handler", HANDLER);
        Places places = new Places();
        places.initParams.putAll(params);
        return places.read().tunnels().get(0);
    }

    /** Reads params with a handler. */
    private static FilterSettings read(String... namesAndValues) {
        return plan(namesAndValues).settings(null);
    }

    private static void assertRefused(Places places, String... words) {
        assertThatThrownBy(places::read)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(words);
    }

    private static void assertRefused(Map<String, String> params, String... words) {
        Places places = new Places();
        places.initParams.putAll(params);
        assertRefused(places, words);
    }

    @Test
    void nothingButAHandlerGivesTheDefaults() throws Exception {
        FilterSettings settings = read();
        assertThat(settings.options()).isEqualTo(WebSocketTransportOptions.defaults());
        assertThat(settings.handler()).isInstanceOf(EchoHandler.class);
        assertThat(settings.hosts().accepts(List.of("any.example"))).isTrue();
    }

    @Test
    void everyParamOfTheTransportIsRead() throws Exception {
        WebSocketTransportOptions options = read(
                        "path", "/tunnel",
                        "max_early_data", "2048",
                        "early_data_header_name", "Sec-WebSocket-Protocol",
                        "headers", "\n   X-One: 1\n   X-Two: a: b\n   X-One: 2\n",
                        "ping_interval", "1m30s",
                        "pong_timeout", "7s",
                        "close_timeout", "3s",
                        "close_write_timeout", "4s",
                        "text", "data",
                        "half_close", "false",
                        "half_close_linger", "250ms")
                .options();
        assertThat(options)
                .isEqualTo(WebSocketTransportOptions.builder()
                        .path("/tunnel")
                        .maxEarlyData(2048)
                        .earlyDataHeaderName("Sec-WebSocket-Protocol")
                        .header("X-One", List.of("1", "2"))
                        .header("X-Two", "a: b")
                        .pingInterval(Duration.ofSeconds(90))
                        .pongTimeout(Duration.ofSeconds(7))
                        .closeTimeout(Duration.ofSeconds(3))
                        .closeWriteTimeout(Duration.ofSeconds(4))
                        .text(TextMode.DATA)
                        .halfClose(false)
                        .halfCloseLinger(Duration.ofMillis(250))
                        .build());
    }

    @Test
    void whiteSpaceAroundAValueDoesNotCount() throws Exception {
        WebSocketTransportOptions options = read(
                        "path", "\n  /tunnel\n ", "max_early_data", " 5 ", "half_close", " true ")
                .options();
        assertThat(options.path()).isEqualTo("/tunnel");
        assertThat(options.maxEarlyData()).isEqualTo(5);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a.example,b.example",
                "a.example b.example",
                "\n a.example,\n\t b.example\n",
                "a.example , b.example"
            })
    void hostsAreAList(String value) throws Exception {
        HostList hosts = read("hosts", value).hosts();
        assertThat(hosts.accepts(List.of("a.example"))).isTrue();
        assertThat(hosts.accepts(List.of("B.example:80"))).isTrue();
        assertThat(hosts.accepts(List.of("c.example"))).isFalse();
    }

    @Test
    void strayCommasNameNoHost() throws Exception {
        HostList hosts = read("hosts", ", a.example,,").hosts();
        assertThat(hosts.accepts(List.of("a.example"))).isTrue();
        assertThat(hosts.accepts(List.of(""))).isFalse();
    }

    @Test
    void trustedProxiesAreAList() throws Exception {
        ClientAddressResolver resolver =
                read("trusted_proxies", "10.0.0.0/8, 127.0.0.1\n ::1").clientAddresses();
        for (String trusted : new String[] {"10.1.2.3", "127.0.0.1", "::1"}) {
            assertThat(resolver.resolve(
                            new InetSocketAddress(trusted, 1),
                            name -> name.equals("X-Forwarded-For") ? List.of("192.0.2.1") : List.of()))
                    .isEqualTo(new InetSocketAddress("192.0.2.1", 0));
        }
    }

    @Test
    void forwardMakesAForwarder() {
        FilterPlan plan = new Places()
                .initParams("forward", "localhost:8080", "connect_timeout", "2s", "tcp_keepalive_count", "7")
                .read();
        FilterPlan.TunnelPlan tunnel = plan.tunnels().get(0);
        assertThat(tunnel.forward()).contains(new HostAndPort("localhost", 8080));
        assertThat(tunnel.connectTimeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(plan.keepAlive()).isEqualTo(TcpKeepAlive.DEFAULT.withCount(7));
        assertThat(tunnel.settings(new TcpConnector()).handler()).isInstanceOf(TcpForwarder.class);
    }

    @Test
    void orderOfAddressesIsThatOfTheSystemUnlessOneFamilyIsPreferred() {
        assertThat(new Places().read().addressOrder()).isEqualTo(AddressOrder.SYSTEM);
        assertThat(new Places().initParams("prefer_ipv4", "true").read().addressOrder())
                .isEqualTo(AddressOrder.IPV4_FIRST);
        assertThat(new Places().environment("V2WS_PREFER_IPV6", "true").read().addressOrder())
                .isEqualTo(AddressOrder.IPV6_FIRST);
        assertRefused(
                new Places().initParams("prefer_ipv4", "true", "prefer_ipv6", "true"),
                "prefer_ipv6 (init-param prefer_ipv6): expected no prefer_ipv4 beside it");
    }

    @Test
    void firstPlaceThatHasAKeyDecides() {
        Places places = new Places().initParams("path", "/init");
        assertThat(places.path()).isEqualTo("/init");
        assertThat(places.contextParams("v2ws.path", "/context").path()).isEqualTo("/context");
        assertThat(places.file("/file").path()).isEqualTo("/file");
        assertThat(places.properties("v2ws.path", "/property").path()).isEqualTo("/property");
        assertThat(places.environment("V2WS_PATH", "/environment").path()).isEqualTo("/environment");
    }

    @Test
    void placesAreMergedKeyByKey() {
        FilterPlan.TunnelPlan tunnel = new Places()
                .environment("V2WS_FORWARD", "localhost:2", "V2WS_EARLY_DATA_HEADER_NAME", "")
                .contextParams("v2ws.max_early_data", "7")
                .initParams("path", "/init", "early_data_header_name", "X-Early", "forward", "localhost:1")
                .read()
                .tunnels()
                .get(0);
        assertThat(tunnel.forward()).contains(new HostAndPort("localhost", 2));
        assertThat(tunnel.options())
                .isEqualTo(WebSocketTransportOptions.builder()
                        .path("/init")
                        .maxEarlyData(7)
                        .build());
    }

    @Test
    void longestPathOfAFileComesFirstAndEqualOnesStayInOrder() {
        assertThat(new Places().file("/a", "/bb", "/aa").read().tunnels())
                .extracting(tunnel -> tunnel.options().path())
                .containsExactly("/bb", "/aa", "/a");
    }

    @Test
    void fileTakesThePlaceOfWhatWebXmlSaysAboutTunnels() {
        FilterPlan plan = new Places()
                .file("/one", "/two")
                .contextParams("v2ws.hosts", "context.example")
                .initParams("path", "/init", "max_early_data", "2048", "handler", HANDLER, "tcp_keepalive_count", "9")
                .read();
        assertThat(plan.tunnels()).extracting(tunnel -> tunnel.options().path()).containsExactly("/one", "/two");
        assertThat(plan.tunnels()).allSatisfy(tunnel -> {
            assertThat(tunnel.options().maxEarlyData()).isZero();
            assertThat(tunnel.hosts()).containsExactly("file.example");
            assertThat(tunnel.forward()).isPresent();
        });
        assertThat(plan.keepAlive()).isEqualTo(TcpKeepAlive.OFF);
    }

    @Test
    void keyOfATunnelBesideAFileOfSeveralIsRefused() {
        assertRefused(
                new Places().file("/one", "/two").environment("V2WS_PATH", "/x"),
                "path (environment variable V2WS_PATH): expected to stand in the file, which has 2 tunnels, got \"/x\"");
    }

    @Test
    void wrongFileIsRefusedInTheWordsOfItsReader() {
        assertRefused(
                new Places().environment("V2WS_CONFIG", "/no/such.json"),
                "config (environment variable V2WS_CONFIG): ",
                "/no/such.json: no such file");
    }

    @Test
    void fileThatNothingCanReadIsRefused() {
        Places places = new Places().contextParams("v2ws.config", "x.json");
        places.file = null;
        assertRefused(places, "config (context-param v2ws.config): ", "no service of the type", "\"x.json\"");
    }

    @Test
    void unknownNamesOutsideOfTheFilterAreWarnedOfOnly() {
        FilterPlan plan = new Places()
                .environment("V2WS_PORT_80_TCP", "tcp://10.0.0.1:80", "OTHER", "x")
                .properties("v2ws.pathh", "/x", "java.version", "17")
                .contextParams("v2ws.hosst", "x", "other", "y")
                .initParams("handler", HANDLER)
                .read();
        assertThat(plan.warnings())
                .containsExactly(
                        "unknown environment variable V2WS_PORT_80_TCP is ignored",
                        "unknown system property v2ws.pathh is ignored",
                        "unknown context-param v2ws.hosst is ignored");
    }

    @Test
    void tunnelWithoutAnUpstreamIsAnEchoAndSaysSo() {
        FilterPlan plan = new Places().initParams("path", "/x").read();
        assertThat(plan.tunnels().get(0).handler()).isInstanceOf(EchoHandler.class);
        assertThat(plan.warnings())
                .containsExactly("no upstream is set (forward): the tunnel at /x sends back what it receives");
    }

    @Test
    void upstreamOfTheFirstPlaceTakesThePlaceOfAHandler() {
        Places places = new Places().initParams("handler", HANDLER).environment("V2WS_FORWARD", "localhost:1");
        assertThat(places.read().tunnels().get(0).forward()).isPresent();
        Places other = new Places().initParams("forward", "localhost:1").properties("v2ws.handler", HANDLER);
        assertThat(other.read().tunnels().get(0).handler()).isInstanceOf(EchoHandler.class);
        assertThat(other.read().forwards()).isFalse();
    }

    @Test
    void wrongValueIsRefusedWithKeyPlaceValueAndWhatWasExpected() {
        assertRefused(
                new Places().environment("V2WS_MAX_EARLY_DATA", "lots"),
                "max_early_data (environment variable V2WS_MAX_EARLY_DATA): expected a whole number from 0 to"
                        + " 2147483647, got \"lots\"");
        assertRefused(
                new Places().properties("v2ws.forward", "localhost"),
                "forward (system property v2ws.forward): expected HOST:PORT",
                "got \"localhost\"");
        assertRefused(
                new Places().contextParams("v2ws.half_close", "maybe"),
                "half_close (context-param v2ws.half_close): expected true or false, got \"maybe\"");
        assertRefused(
                new Places().initParams("forward", "localhost:1", "tcp_keepalive_count", "0"),
                "tcp_keepalive_count (init-param tcp_keepalive_count): expected a whole number from 1 to 127, got \"0\"");
        assertRefused(
                new Places().initParams("engine", "fast"),
                "engine (init-param engine): expected direct or jetty or servlet, got \"fast\"");
        assertRefused(
                new Places().initParams("on_error", "retry"),
                "on_error (init-param on_error): expected pass or fail, got \"retry\"");
    }

    @ParameterizedTest
    @CsvSource({
        "pong_timeout,0s",
        "ping_interval,-1s",
        "early_data_header_name,a b",
        "path,/a#b",
        "tcp_keepalive_idle,500ms",
        "connect_timeout,0s",
        "max_early_data,-1"
    })
    void messagesNameAKeyOnce(String name, String value) {
        assertThatThrownBy(new Places().initParams("forward", "localhost:1", name, value)::read)
                .hasMessageStartingWith(name + " (init-param " + name + "): ")
                .hasMessageNotContainingAny(
                        "pongTimeout",
                        "pingInterval",
                        "earlyDataHeaderName",
                        "maxEarlyData",
                        "): path",
                        "idle:",
                        "Timeout: ");
    }

    @Test
    void unknownNameIsRefusedAndTheKnownAreListed() {
        assertRefused(
                params("handler", HANDLER, "pathh", "/x"), "unknown init-param pathh", "half_close_linger", "path");
        assertRefused(params("handler", HANDLER, "Path", "/x"), "unknown init-param Path");
        assertRefused(params("handler", HANDLER, "handshake_timeout", "1s"), "unknown init-param handshake_timeout");
    }

    @Test
    void forwardAndHandlerInOnePlaceAreRefused() {
        assertRefused(
                params("handler", HANDLER, "forward", "localhost:1"),
                "expected one of init-param forward and init-param handler, got both");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "path|/a#b",
                "max_early_data|many",
                "max_early_data|-1",
                "max_early_data|99999999999",
                "max_early_data|''",
                "early_data_header_name|with space",
                "headers|no colon",
                "headers|Bad Name: x",
                "headers|X: a\u0001b",
                "ping_interval|20",
                "ping_interval|-1s",
                "pong_timeout|0s",
                "pong_timeout|soon",
                "close_timeout|0",
                "close_write_timeout|1 s",
                "half_close|yes",
                "half_close|TRUE",
                "half_close_linger|-1s",
                "trusted_proxies|10.0.0.0/33",
                "trusted_proxies|proxy.example"
            })
    void badValueIsRefusedNamingTheParam(String name, String value) {
        assertRefused(params("handler", HANDLER, name, value), name);
    }

    @ParameterizedTest
    @CsvSource({
        "forward,localhost",
        "forward,''",
        "forward,localhost:http",
        "forward,localhost:65536",
        "forward,localhost:0",
        "forward,::1:80",
        "connect_timeout,soon",
        "connect_timeout,0s",
        "connect_timeout,-1s",
        "tcp_keepalive_idle,500ms",
        "tcp_keepalive_idle,32768s",
        "tcp_keepalive_interval,0s",
        "tcp_keepalive_interval,15",
        "tcp_keepalive_count,0",
        "tcp_keepalive_count,128",
        "tcp_keepalive_count,some"
    })
    void badValueOfTheForwarderIsRefusedNamingTheParam(String name, String value) {
        Map<String, String> params = params("forward", "localhost:1");
        params.put(name, value);
        assertRefused(params, name + " (init-param ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Connection", "upgrade", "Sec-WebSocket-Accept", "sec-websocket-extensions", "Content-Length"})
    void headersOfTheHandshakeItselfAreRefused(String name) {
        assertRefused(params("handler", HANDLER, "headers", name + ": x"), "headers", name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no.such.Handler",
                "java.lang.String",
                "io.v2ws.server.TunnelHandler",
                "io.v2ws.server.TcpForwarder",
                "io.v2ws.server.FilterParamsTest$Hidden",
                "io.v2ws.server.FilterParamsTest$Failing"
            })
    void classThatIsNoHandlerIsRefused(String className) {
        assertRefused(params("handler", className), "handler (init-param handler): ", "TunnelHandler", className);
    }
}
