package io.v2ws.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.v2ws.HostAndPort;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.tcp.TcpKeepAlive;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForwardConfigTest {
    @TempDir
    Path folder;

    @Test
    void aFileWithEveryKeyIsRead() throws Exception {
        ForwardConfig config = read("""
                {"listen": "127.0.0.1:2222", "url": "WSS://example.org:8443/tunnel",
                 "transport": {"type": "ws", "path": "/tunnel", "max_early_data": 2048},
                 "tls_ca": "ca.pem", "tls_cert": "cert.pem", "tls_key": "key.pem", "server_name": "front.example",
                 "insecure_skip_verify": true, "proxy": "http://u:p@proxy:3128", "dial": "192.0.2.1:443",
                 "preconnect": 4, "preconnect_max_age": "3s", "tcp_keepalive_idle": "30s",
                 "tcp_keepalive_interval": "5s", "tcp_keepalive_count": 2}""");

        assertThat(config.listen()).contains(new HostAndPort("127.0.0.1", 2222));
        assertThat(config.url()).contains(URI.create("wss://example.org:8443/tunnel"));
        assertThat(config.transport().orElseThrow().maxEarlyData()).isEqualTo(2048);
        assertThat(config.tlsCa()).contains(folder.resolve("ca.pem"));
        assertThat(config.tlsCert()).contains(folder.resolve("cert.pem"));
        assertThat(config.tlsKey()).contains(folder.resolve("key.pem"));
        assertThat(config.serverName()).contains("front.example");
        assertThat(config.insecureSkipVerify()).isTrue();
        assertThat(config.proxy()).contains(URI.create("http://u:p@proxy:3128"));
        assertThat(config.dial()).contains(new HostAndPort("192.0.2.1", 443));
        assertThat(config.preconnect()).isEqualTo(new Preconnect(Optional.of(4), Optional.of(Duration.ofSeconds(3))));
        assertThat(config.tcpKeepAlive()).contains(TcpKeepAlive.parse("30s,5s,2"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {"preconnect": 65}             | expected a whole number from 0 to 64
                    {"preconnect": -1}             | expected a whole number from 0 to 64
                    {"preconnect_max_age": "99ms"} | expected a duration from "100ms" to "1h"
                    {"preconnect_max_age": "61m"}  | expected a duration from "100ms" to "1h"
                    {"preconnect_max_age": 8}      | expected a duration with its unit""")
    void connectionsToKeepReadyAreBounded(String json, String message) {
        assertThat(catchThrowableOfType(ConfigException.class, () -> read(json)))
                .hasMessageContaining("preconnect")
                .hasMessageContaining(message);
    }

    @Test
    void pinsAndNamesToVerifyAreReadAsOneTextOrAList() throws Exception {
        String pin = "0f".repeat(32);
        ConfigReading link = Dialects.read(
                ConfigSource.ofText(
                        "t",
                        "vless://u@h:1?type=ws&security=tls&sni=s.example&pcs=" + pin + "&vcn=a.example,b.example"),
                Optional.empty(),
                Optional.empty(),
                TunnelEnd.CLIENT);

        assertTrust(
                read("{\"tls_pin\": \"" + pin.toUpperCase(Locale.ROOT) + "\", \"tls_verify_name\": [\"a.example\","
                        + " \"b.example\"]}"),
                List.of(pin),
                List.of("a.example", "b.example"));
        assertTrust(ForwardConfig.empty().with(link, true), List.of(pin), List.of("a.example", "b.example"));
        assertTrust(ForwardConfig.empty().with(link, false), List.of(), List.of());
        assertTrust(
                read("{\"server_name\": \"x.example\", \"tls_pin\": [\"" + "a1".repeat(32) + "\"]}")
                        .with(link, true),
                List.of("a1".repeat(32)),
                List.of());
    }

    private static void assertTrust(ForwardConfig config, List<String> pins, List<String> names) {
        assertThat(config.tlsPins()).isEqualTo(pins);
        assertThat(config.tlsVerifyNames()).isEqualTo(names);
    }

    @Test
    void everyKeyMayBeAbsent() throws Exception {
        Optional<Path> none = Optional.empty();
        assertThat(read("{}"))
                .isEqualTo(new ForwardConfig(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        none,
                        none,
                        none,
                        Optional.empty(),
                        false,
                        Optional.empty(),
                        Optional.empty()));
    }

    @Test
    void aForwarderWaitsForItsLocalSideUnlessToldOtherwise() throws Exception {
        assertThat(transport("{\"transport\": {\"type\": \"ws\"}}").serverFirstWait())
                .isEqualTo(WebSocketTransportOptions.DEFAULT_FORWARDER_SERVER_FIRST_WAIT);
        assertThat(transport("{\"transport\": {\"type\": \"ws\", \"server_first_wait\": \"0s\"}}")
                        .serverFirstWait())
                .isZero();
    }

    @Test
    void aTransportWithoutAPathHasThatOfTheUrl() throws Exception {
        assertThat(transport("{\"url\": \"ws://h/a%20b?c=d\", \"transport\": {\"type\": \"ws\"}}")
                        .path())
                .isEqualTo("/a%20b?c=d");
        assertThat(transport("{\"url\": \"ws://h/\", \"transport\": {\"type\": \"ws\", \"path\": \"/x\"}}")
                        .path())
                .isEqualTo("/x");
        assertThat(transport("{\"url\": \"ws://h?q\", \"transport\": {\"type\": \"ws\"}}")
                        .path())
                .isEqualTo("/?q");
    }

    @Test
    void aTransportMayBeAFileOfAnotherProgramOrALinkAndGivesItsServerToo() throws Exception {
        Files.writeString(folder.resolve("sing-box.json"), """
                {"outbounds": [{"type": "vless", "tag": "a", "server": "192.0.2.1", "server_port": 443, "uuid": "topsecret",
                  "tls": {"enabled": true, "server_name": "s.example", "insecure": true, "utls": {"enabled": true}},
                  "transport": {"type": "ws", "path": "/t"}}, {"type": "direct"}]}""");
        for (String members : List.of(
                "\"transport\": \"sing-box.json\", \"tag\": \"a\"",
                "\"transport\": \"vless://topsecret@192.0.2.1:443?type=ws&security=tls&sni=s.example&insecure=1&fp=chrome"
                        + "&path=/t\"")) {
            ForwardConfig config = read("{" + members + "}");

            assertThat(config.url()).contains(URI.create("wss://192.0.2.1:443"));
            assertThat(config.serverName()).contains("s.example");
            assertThat(config.insecureSkipVerify()).isTrue();
            assertThat(config.transport().orElseThrow().path()).isEqualTo("/t");
            assertThat(config.transport().orElseThrow().headers()).isEqualTo(Map.of("Host", List.of("s.example")));
            assertThat(config.transport().orElseThrow().serverFirstWait())
                    .isEqualTo(WebSocketTransportOptions.DEFAULT_FORWARDER_SERVER_FIRST_WAIT);
            assertThat(config.warnings())
                    .anySatisfy(line -> assertThat(line).startsWith("fingerprint: not used"))
                    .anySatisfy(line -> assertThat(line).startsWith("the vless account is not used"))
                    .allSatisfy(line -> assertThat(line).doesNotContain("topsecret"));
        }
    }

    @Test
    void anotherUrlKeepsTheServerOfTheTransportOutOfIt() throws Exception {
        ForwardConfig config = read("{\"url\": \"ws://h\", \"tcp_keepalive_count\": 2, \"transport\":"
                + " \"vless://u@192.0.2.1:443?type=ws&security=tls&sni=s&path=/t\"}");

        assertThat(config.url()).contains(URI.create("ws://h"));
        assertThat(config.serverName()).isEmpty();
        assertThat(config.transport().orElseThrow().path()).isEqualTo("/t");
        assertThat(config.tcpKeepAlive()).contains(TcpKeepAlive.DEFAULT.withCount(2));
    }

    @Test
    void aTransportMayBeWrittenInAnotherProgramsWords() throws Exception {
        assertThat(transport("{\"transport\": {\"path\": \"/a?ed=7\", \"host\": \"h\"}}")
                        .maxEarlyData())
                .isEqualTo(7);
        assertThat(transport("{\"transport\": {\"network\": \"ws\", \"wsSettings\": {\"path\": \"/a\"}}}")
                        .path())
                .isEqualTo("/a");
        assertThat(transport("{\"transport\": {\"path\": \"/a\", \"max-early-data\": 7}}")
                        .maxEarlyData())
                .isEqualTo(7);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "\"listen\": \"x:99999\"|listen",
                "\"dial\": \"x:0\"|dial",
                "\"dial\": \"x\"|dial",
                "\"url\": \"http://h\"|url",
                "\"url\": \"ws:h\"|url",
                "\"url\": \"ws://h:0/\"|url",
                "\"url\": \"ws://h:65536/\"|url",
                "\"url\": \"ws://h/a b\"|url",
                "\"url\": \"ws://h/#f\"|url",
                "\"url\": \"ws://u:secret@h h/\"|url",
                "\"url\": \"ws://u:secret@h/#f\"|url",
                "\"url\": \"ws://u:secret@h/a b\"|url",
                "\"proxy_headers\": {\"a b\": \"c\"}|proxy_headers[\"a b\"]",
                "\"prefer_ipv4\": true, \"prefer_ipv6\": true|prefer_ipv6",
                "\"url\": \"\"|url",
                "\"url\": 1|url",
                "\"proxy\": \"ftp://u:secret@h/\"|proxy",
                "\"proxy\": \"h:3128\"|proxy",
                "\"proxy\": \"http://u:secret@h:99999\"|proxy",
                "\"tls_cert\": \"c\"|tls_cert",
                "\"tls_key\": \"c\"|tls_key",
                "\"tls_ca\": \" \"|tls_ca",
                "\"server_name\": \"h:443\"|server_name",
                "\"server_name\": \"a,b\"|server_name",
                "\"tls_pin\": \"0f\"|tls_pin",
                "\"tls_pin\": true|tls_pin",
                "\"tls_verify_name\": \"*\"|tls_verify_name",
                "\"insecure_skip_verify\": \"yes\"|insecure_skip_verify",
                "\"servername\": \"h\"|servername",
                "\"transport\": {\"type\": \"ws\", \"path\": \"/b\"}, \"url\": \"ws://h/a\"|transport.path",
                "\"tag\": \"a\"|tag",
                "\"transport\": {\"type\": \"ws\"}, \"tag\": \"a\"|tag",
                "\"transport\": {\"path\": \"/\"}|transport.type",
                "\"outbounds\": []|outbounds",
                "\"url\": \"ws://h\", \"tls_ca\": \"c\"|tls_ca",
                "\"url\": \"ws://h\", \"tls_extra_ca\": \"c\"|tls_extra_ca",
                "\"tls_key\": \"k\", \"tls_cert\": 3|tls_cert",
                "\"url\": \"ws://h\", \"server_name\": \"c\"|server_name",
                "\"url\": \"ws://h\", \"tls_verify_name\": \"c\"|tls_verify_name",
                "\"url\": \"ws://h\", \"tls_pin\": \"0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f\"|tls_pin",
                "\"url\": \"ws://h\", \"insecure_skip_verify\": true|insecure_skip_verify",
            })
    void aWrongValueIsAnErrorThatNamesItsKey(String members, String key) throws Exception {
        Path file = Files.writeString(folder.resolve("forward.json"), "{\n" + members + "}");

        ConfigException error = catchThrowableOfType(ConfigException.class, () -> ForwardConfig.read(file));

        assertThat(error.key()).isEqualTo(key);
        assertThat(error).hasMessageStartingWith(file + ":2:").hasMessageContaining(": " + key + ": expected ");
        assertThat(error.getMessage()).doesNotContain("secret");
    }

    private WebSocketTransportOptions transport(String json) throws IOException, ConfigException {
        return read(json).transport().orElseThrow();
    }

    private ForwardConfig read(String json) throws IOException, ConfigException {
        return ForwardConfig.read(Files.writeString(folder.resolve("forward.json"), json));
    }

    @Test
    void authoritiesBesideJavasAndKeyStoresAreRead() throws Exception {
        ForwardConfig config = read("""
                {"url": "wss://h", "tls_extra_ca": "own.p12", "tls_password_file": "secret", "tls_cert": "me.P12"}""");
        assertThat(config.tlsExtraCa()).contains(folder.resolve("own.p12"));
        assertThat(config.tlsPasswordFile()).contains(folder.resolve("secret"));
        assertThat(config.tlsCert()).contains(folder.resolve("me.P12"));
        assertThat(config.tlsKey()).isEmpty();
    }

    @Test
    void noProxyAndTheSystemsAreRead() throws Exception {
        assertThat(read("{\"proxy\": \"none\"}").proxy()).contains(URI.create("none"));
        assertThat(read("{\"proxy\": \"system\"}").proxy()).contains(URI.create("system"));
    }

    @Test
    void aProxyWithoutASchemeOrWithARawPasswordSaysWhatToWrite() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> read("{\"proxy\": \"proxy:3128\"}"))
                .withMessageContaining("write http://proxy:3128 or socks5://proxy:3128");
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> read("{\"proxy\": \"http://u:s3 cret@x@proxy:3128\"}"))
                .withMessageContaining("%40 for @")
                .withMessageNotContainingAny("cret");
    }
}
