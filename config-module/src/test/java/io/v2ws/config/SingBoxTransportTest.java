package io.v2ws.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.v2ws.WebSocketTransportOptions;
import io.v2ws.WebSocketTransportOptions.TextMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SingBoxTransportTest {
    @Test
    void aTransportObjectOfSingBoxIsReadUnchanged() throws Exception {
        WebSocketTransportOptions options = read("""
                {"type": "ws", "path": "tunnel", "headers": {"Host": "a.example", "X": ["1", "2"]},
                 "max_early_data": 2048, "early_data_header_name": "Sec-WebSocket-Protocol"}""");

        assertThat(options)
                .isEqualTo(WebSocketTransportOptions.builder()
                        .path("/tunnel")
                        .headers(Map.of("Host", List.of("a.example"), "X", List.of("1", "2")))
                        .maxEarlyData(2048)
                        .earlyDataHeaderName("Sec-WebSocket-Protocol")
                        .build());
        assertThat(read("{\"type\": \"ws\"}")).isEqualTo(WebSocketTransportOptions.defaults());
        assertThat(read("{\"type\": \"ws\", \"path\": null, \"headers\": null}"))
                .isEqualTo(WebSocketTransportOptions.defaults());
    }

    @Test
    void ourOwnKeysStandBesideThem() throws Exception {
        WebSocketTransportOptions options = read("""
                {"type": "ws", "handshake_timeout": "1s", "ping_interval": "0s", "pong_timeout": "3s",
                 "close_timeout": "4s", "close_write_timeout": "1m30s", "text": "data", "half_close": false,
                 "half_close_linger": "1.5s", "reset_delay": "2s", "server_first_wait": "300ms",
                 "server_first_learning": false}""");

        assertThat(options)
                .isEqualTo(WebSocketTransportOptions.builder()
                        .handshakeTimeout(Duration.ofSeconds(1))
                        .pingInterval(Duration.ZERO)
                        .pongTimeout(Duration.ofSeconds(3))
                        .closeTimeout(Duration.ofSeconds(4))
                        .closeWriteTimeout(Duration.ofSeconds(90))
                        .text(TextMode.DATA)
                        .halfClose(false)
                        .halfCloseLinger(Duration.ofMillis(1500))
                        .resetDelay(Duration.ofSeconds(2))
                        .serverFirstWait(Duration.ofMillis(300))
                        .serverFirstLearning(false)
                        .build());
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "{}|t:1:1: type: expected \"ws\", got nothing",
                "{\"type\": null}|t:1:10: type: expected \"ws\", got null",
                "{\"type\": \"grpc\"}|t:1:10: type: expected \"ws\", the only transport spoken here, got \"grpc\"",
                "[]|t:1:1: expected an object, got a list",
            })
    void typeMustBeWs(String json, String message) {
        assertError(json, message);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "\"path\": 1|path: expected a string, got the number 1",
                "\"path\": \"/a#b\"|path: a fragment ('#') never reaches a server: /a#b",
                "\"max_early_data\": -1|max_early_data: expected a whole number from 0 to 2147483647, got the number -1",
                "\"max_early_data\": 4294967295|max_early_data: expected a whole number from 0 to 2147483647, got the"
                        + " number 4294967295",
                "\"max_early_data\": \"1\"|max_early_data: expected a whole number from 0 to 2147483647, got \"1\"",
                "\"early_data_header_name\": []|early_data_header_name: expected a string, got a list",
                "\"handshake_timeout\": \"0s\"|handshake_timeout: expected more than zero, got 0s",
                "\"ping_interval\": \"-1s\"|ping_interval: expected zero or more, got -1s",
                "\"close_timeout\": 5|close_timeout: expected a duration with its unit such as \"5s\" or \"5ms\","
                        + " got the number 5",
                "\"text\": \"utf8\"|text: expected discard or data, got \"utf8\"",
                "\"half_close\": \"no\"|half_close: expected true or false, got \"no\"",
                "\"headers\": []|headers: expected an object, got a list",
                "\"headers\": {\"X\": 1}|headers.X: expected a string or a list of strings, got the number 1",
                "\"headers\": {\"X\": [\"a\", 1]}|headers.X[1]: expected a string, got the number 1",
                "\"headers\": {\"X\": null}|headers.X: expected a string or a list of strings, got null",
                "\"headers\": {\"X\": \"a\\r\\nb\"}|headers.X: the value of X holds a control character",
                "\"headers\": {\"X\": \"a\", \"x\": \"b\"}|headers.x: expected each header once, got it again in other"
                        + " letters",
                "\"paht\": \"/\"|paht: expected a known key, got an unknown one; did you mean \"path\"?",
                "\"headers\": {\"Sec-WebSocket-Protocol\": \"a\"}, \"early_data_header_name\":"
                        + " \"sec-websocket-protocol\", \"max_early_data\": 1|headers.Sec-WebSocket-Protocol: expected"
                        + " another header than early_data_header_name, got the one that carries early data",
            })
    void aWrongValueIsAnErrorThatNamesItsKey(String member, String message) {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> read("{\"type\": \"ws\",\n" + member + "}"))
                .withMessageMatching("t:2:[0-9]+: .*")
                .satisfies(e -> assertThat(e.getMessage().replaceFirst("^t:2:[0-9]+: ", ""))
                        .isEqualTo(message));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"headers\": {\"a b\": \"c\"}", "\"early_data_header_name\": \"a b\""})
    void headerNamesMustBeTokens(String member) {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> read("{\"type\": \"ws\", " + member + "}"))
                .withMessageContaining("expected a header name (letters, digits")
                .withMessageEndingWith("got \"a b\"");
    }

    @Test
    void theHeaderOfEarlyDataMayBeSetWhileThereIsNone() throws Exception {
        String json = "{\"type\": \"ws\", \"headers\": {\"A\": \"x\"}, \"early_data_header_name\": \"A\"}";

        assertThat(read(json).headers()).containsOnlyKeys("A");
    }

    @Test
    void absentKeysTakeTheDefaultsGiven() throws Exception {
        WebSocketTransportOptions defaults = WebSocketTransportOptions.builder()
                .path("/given")
                .header("A", "x")
                .serverFirstWait(Duration.ofMillis(300))
                .build();

        assertThat(SingBoxTransport.read(ConfigNode.parse("t", "{\"type\": \"ws\"}"), defaults))
                .isEqualTo(defaults);
        assertThat(SingBoxTransport.read(
                                ConfigNode.parse("t", "{\"type\": \"ws\", \"server_first_wait\": \"0s\"}"), defaults)
                        .serverFirstWait())
                .isZero();
    }

    @Test
    void onlyWhatIsNotDefaultIsWritten() {
        assertThat(SingBoxTransport.write(WebSocketTransportOptions.defaults()).replaceAll("\\s", ""))
                .isEqualTo("{\"type\":\"ws\",\"path\":\"/\"}");
        assertThat(SingBoxTransport.write(WebSocketTransportOptions.builder()
                                .pingInterval(Duration.ofSeconds(90))
                                .halfClose(false)
                                .build())
                        .replaceAll("\\s", ""))
                .isEqualTo("{\"type\":\"ws\",\"path\":\"/\",\"ping_interval\":\"1m30s\",\"half_close\":false}");
    }

    @Test
    void whatIsWrittenIsReadBackEqual() throws Exception {
        Random random = new Random(42);
        for (int round = 0; round < 500; round++) {
            WebSocketTransportOptions options = generate(random);
            String text = SingBoxTransport.write(options);
            assertThat(read(text)).as(text).isEqualTo(options);
            assertThat(List.copyOf(read(text).headers().keySet()))
                    .isEqualTo(List.copyOf(options.headers().keySet()));
        }
    }

    private static WebSocketTransportOptions generate(Random random) {
        WebSocketTransportOptions.Builder builder = WebSocketTransportOptions.builder()
                .path(text(random, "/ab %?&=\u00e4\u20ac\ud83d\ude00\"\\\n\u0000"))
                .maxEarlyData(random.nextInt(3) == 0 ? 0 : random.nextInt() >>> (1 + random.nextInt(30)))
                .halfClose(random.nextBoolean())
                .serverFirstLearning(random.nextBoolean())
                .handshakeTimeout(time(random).plusNanos(1))
                .pingInterval(time(random))
                .pongTimeout(time(random).plusNanos(1))
                .closeTimeout(time(random).plusNanos(1))
                .closeWriteTimeout(time(random).plusNanos(1))
                .halfCloseLinger(time(random))
                .resetDelay(time(random))
                .serverFirstWait(time(random));
        for (int i = random.nextInt(4); i > 0; i--) {
            List<String> values = new ArrayList<>();
            for (int j = random.nextInt(4); j > 0; j--) {
                values.add(text(random, "ab \t\"\\,;\u00e4\u20ac\ud83d\ude00"));
            }
            builder.header("X" + text(random, "aB-_.!#$%&'*+^`|~"), values);
        }
        // Never one of the names above, which begin with X.
        return builder.earlyDataHeaderName(random.nextBoolean() ? "" : "E" + text(random, "aB-_.~"))
                .build();
    }

    private static Duration time(Random random) {
        return random.nextInt(3) == 0
                ? Duration.ofSeconds(random.nextInt(100))
                : Duration.ofNanos(random.nextLong() >>> (2 + random.nextInt(61)));
    }

    private static String text(Random random, String alphabet) {
        int[] letters = alphabet.codePoints().toArray();
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(12); i > 0; i--) {
            text.appendCodePoint(letters[random.nextInt(letters.length)]);
        }
        return text.toString();
    }

    private static WebSocketTransportOptions read(String json) throws ConfigException {
        return SingBoxTransport.read(ConfigNode.parse("t", json));
    }

    private static void assertError(String json, String message) {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> read(json))
                .withMessage(message);
    }
}
