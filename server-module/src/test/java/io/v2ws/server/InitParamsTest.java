package io.v2ws.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.v2ws.WebSocketStream;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.testing.LeakCheck;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands in {@code web.xml}. */
@ExtendWith(LeakCheck.class)
class InitParamsTest {
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

    private record Config(Map<String, String> params) implements FilterConfig {
        @Override
        public String getFilterName() {
            return "tunnel-filter";
        }

        @Override
        public ServletContext getServletContext() {
            throw new UnsupportedOperationException();
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

    private static Map<String, String> params(String... namesAndValues) {
        Map<String, String> params = new TreeMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            params.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return params;
    }

    /** Reads params with a handler. */
    private static FilterSettings read(String... namesAndValues) throws ServletException {
        Map<String, String> params = params(namesAndValues);
        params.putIfAbsent("handler", HANDLER);
        return new InitParams(new Config(params)).read();
    }

    private static void assertRefused(Map<String, String> params, String... words) {
        assertThatThrownBy(() -> new InitParams(new Config(params)).read())
                .isInstanceOf(ServletException.class)
                .hasMessageStartingWith("filter tunnel-filter: ")
                .hasMessageContainingAll(words);
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
    void forwardMakesAForwarderWithAConnectorOfItsOwnThatTheFilterStarts() throws Exception {
        FilterSettings settings =
                new InitParams(new Config(params("forward", "localhost:8080", "connect_timeout", "2s"))).read();
        assertThat(settings.handler()).isInstanceOf(TcpForwarder.class);
        assertThat(settings.connector().isStopped()).isTrue();
        assertThat(read().connector()).isNull();
    }

    @Test
    void unknownNameIsRefusedAndTheKnownAreListed() {
        assertRefused(
                params("handler", HANDLER, "pathh", "/x"), "unknown init-param pathh", "half_close_linger", "path");
        assertRefused(params("handler", HANDLER, "Path", "/x"), "unknown init-param Path");
        assertRefused(params("handler", HANDLER, "handshake_timeout", "1s"), "unknown init-param handshake_timeout");
    }

    @Test
    void oneOfForwardAndHandlerIsNeeded() {
        assertRefused(params("path", "/x"), "forward and handler", "neither");
        assertRefused(params("handler", HANDLER, "forward", "localhost:1"), "forward and handler", "both");
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
        assertRefused(params, name + ": ");
    }

    @Test
    void wrongKeepaliveCountIsRefusedWithWhatWasExpectedAndWhatCame() {
        assertRefused(
                params("forward", "localhost:1", "tcp_keepalive_count", "some"),
                "tcp_keepalive_count: expected a whole number, got \"some\"");
        assertRefused(
                params("forward", "localhost:1", "tcp_keepalive_count", "0"),
                "tcp_keepalive_count: count: expected 1 to 127, got 0");
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
                "io.v2ws.server.InitParamsTest$Hidden",
                "io.v2ws.server.InitParamsTest$Failing"
            })
    void classThatIsNoHandlerIsRefused(String className) {
        assertRefused(params("handler", className), "handler: ", "TunnelHandler", className);
    }
}
