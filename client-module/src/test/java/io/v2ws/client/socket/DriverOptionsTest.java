package io.v2ws.client.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.v2ws.WebSocketTransportOptions;
import io.v2ws.client.WebSocketTransportClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import javax.net.SocketFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The properties that configure the factories of drivers. */
class DriverOptionsTest {
    private static final String TUNNEL = "wss://user:secret@example.com/tunnel";

    private static Properties properties(String... namesAndValues) {
        Properties properties = new Properties();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            properties.setProperty(namesAndValues[i], namesAndValues[i + 1]);
        }
        return properties;
    }

    @Test
    void everyOptionOfTheTransportReachesTheClient() throws Exception {
        Properties properties = properties(
                "v2ws.client.url", "ws://127.0.0.1:1/tunnel",
                "v2ws.client.maxEarlyData", "2048",
                "v2ws.client.earlyDataHeaderName", "X-Early",
                "v2ws.client.handshakeTimeout", "3s",
                "v2ws.client.pingInterval", "7s",
                "v2ws.client.serverFirstWait", "40ms",
                "v2ws.client.serverFirstLearning", "false",
                "v2ws.client.header.X-Token", "abc",
                "v2ws.client.dial", "127.0.0.1:2",
                "v2ws.client.proxy", "socks5://127.0.0.1:3",
                "v2ws.client.preconnect", "0",
                "user", "of the database");
        try (WebSocketTransportClient client =
                DriverOptions.parse(properties, null).newClient()) {
            WebSocketTransportOptions options = client.options();
            assertThat(options.path()).isEqualTo("/tunnel");
            assertThat(options.maxEarlyData()).isEqualTo(2048);
            assertThat(options.earlyDataHeaderName()).isEqualTo("X-Early");
            assertThat(options.handshakeTimeout()).isEqualTo(Duration.ofSeconds(3));
            assertThat(options.pingInterval()).isEqualTo(Duration.ofSeconds(7));
            assertThat(options.serverFirstWait()).isEqualTo(Duration.ofMillis(40));
            assertThat(options.serverFirstLearning()).isFalse();
            assertThat(options.headers()).isEqualTo(Map.of("X-Token", List.of("abc")));
        }
    }

    @Test
    void optionsAreEqualIfAllPropertiesOfTheTunnelAre() {
        DriverOptions options = DriverOptions.parse(properties("user", "a"), TUNNEL);
        assertThat(DriverOptions.parse(properties("user", "b", "v2ws.client.url", TUNNEL), null))
                .isEqualTo(options)
                .hasSameHashCodeAs(options);
        assertThat(DriverOptions.parse(properties("v2ws.client.maxEarlyData", "1"), TUNNEL))
                .isNotEqualTo(options);
    }

    @Test
    void propertiesMayHaveDefaults() {
        Properties properties = new Properties(properties("v2ws.client.url", TUNNEL));
        assertThat(DriverOptions.parse(properties, null)).isEqualTo(DriverOptions.parse(new Properties(), TUNNEL));
    }

    @Test
    void aSocketShowsTheTunnelWithoutItsCredentials() {
        assertThat(new PostgresSocketFactory(properties("socketFactoryArg", TUNNEL))
                        .createSocket()
                        .toString())
                .contains("example.com/tunnel")
                .doesNotContain("secret");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            v2ws.client.url          | http://h/t | v2ws.client.url: expected ws://HOST[:PORT]/PATH or wss://…, got "http://h/t"
            v2ws.client.maxEarlyData | many       | v2ws.client.maxEarlyData: expected a whole number, got "many"
            v2ws.client.maxEarlyData | -1         | v2ws.client.maxEarlyData: expected
            v2ws.client.pingInterval | soon       | v2ws.client.pingInterval: expected a duration such as "5s"
            v2ws.client.preconnect   | 65         | v2ws.client.preconnect: expected 0 to 64, got 65
            v2ws.client.dial         | nowhere    | v2ws.client.dial: expected
            v2ws.client.proxy        | ftp://h    | v2ws.client.proxy: expected
            v2ws.client.tlsCa        | /nowhere   | v2ws.client.tlsCa: /nowhere
            v2ws.client.tlsPin       | 12         | v2ws.client.tlsPin: pinnedCertificates: expected
            v2ws.client.maxEarlyDate | 1          | got "v2ws.client.maxEarlyDate"
            """)
    void whatIsWrongIsSaidWithTheNameOfTheProperty(String name, String value, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DriverOptions.parse(properties(name, value), TUNNEL))
                .withMessageContaining(message)
                .withMessageNotContaining("secret");
    }

    @Test
    void aTunnelWithoutUrlIsAnError() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PostgresSocketFactory(new Properties()))
                .withMessage("v2ws.client.url: expected the ws:// or wss:// URL of the tunnel, got none");
        assertThatIllegalArgumentException().isThrownBy(MariaDbSocketFactory::new);
    }

    @Test
    void optionsOfTlsBesideAPlainUrlAreAnError() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DriverOptions.parse(properties("v2ws.client.tlsServerName", "h"), "ws://h/t"))
                .withMessage("v2ws.client.tlsServerName: expected a wss:// URL beside it");
    }

    @Test
    void driversFindTheConstructorsThatTheyLookFor() throws Exception {
        SocketFactory postgres = Class.forName("io.v2ws.client.socket.PostgresSocketFactory")
                .asSubclass(SocketFactory.class)
                .getConstructor(Properties.class)
                .newInstance(properties("socketFactoryArg", TUNNEL));
        assertThat(postgres.createSocket()).isInstanceOf(TunnelSocket.class);
        System.setProperty(DriverOptions.URL, TUNNEL);
        try {
            SocketFactory mariaDb = Class.forName("io.v2ws.client.socket.MariaDbSocketFactory")
                    .asSubclass(SocketFactory.class)
                    .getConstructor()
                    .newInstance();
            assertThat(mariaDb.createSocket()).isInstanceOf(TunnelSocket.class);
        } finally {
            System.clearProperty(DriverOptions.URL);
        }
    }
}
