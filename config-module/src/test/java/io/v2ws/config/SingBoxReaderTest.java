package io.v2ws.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.v2ws.HostAndPort;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SingBoxReaderTest {
    private static final String CONFIG = """
            { // comments are read
             "inbounds": [
              {"type": "trojan", "tag": "in", "listen": "::", "listen_port": 8443, "users": [{"password": "topsecret"}],
               "tls": {"enabled": true, "server_name": "in.example", "certificate_path": "c.pem", "key_path": "k.pem"},
               "transport": {"type": "ws", "path": "/in", "headers": {"Host": "h", "Server": "s"}}},
              {"type": "mixed", "tag": "local", "listen_port": 1080}],
             "outbounds": [
              {"type": "vless", "tag": "a", "server": "2001:db8::1", "server_port": 443, "uuid": "topsecret",
               "flow": "f", "multiplex": {"enabled": true}, "packet_encoding": "",
               "tls": {"enabled": true, "server_name": "sni.example", "insecure": true, "alpn": "h2",
                 "utls": {"enabled": true, "fingerprint": "safari"}},
               "transport": {"type": "ws", "path": "/a?ed=5", "max_early_data": 2048, "ping_interval": "5s"}},
              {"type": "vmess", "tag": "b", "server": "h", "server_port": 80, "uuid": "topsecret", "alter_id": 3,
               "tls": {"enabled": false, "reality": {"enabled": true}},
               "transport": {"type": "ws"}},
              {"type": "vless", "tag": "g", "transport": {"type": "grpc"}},
              {"type": "direct", "tag": "direct"}]}""";

    @Test
    void theOutboundOfATagIsReadWhole() throws Exception {
        ConfigReading reading = read(CONFIG, Optional.of("a"), TunnelEnd.CLIENT);
        TunnelConfig tunnel = reading.tunnel();

        assertThat(reading.dialect()).isEqualTo(Dialect.SING_BOX);
        assertThat(tunnel.name()).isEqualTo("a");
        assertThat(tunnel.server()).contains(new HostAndPort("2001:db8::1", 443));
        assertThat(tunnel.tls())
                .contains(new TlsConfig(Optional.of("sni.example"), true, List.of("h2"), Optional.of("safari")));
        assertThat(tunnel.account())
                .contains(Account.of(Account.Protocol.VLESS, "topsecret").withFlow("f"));
        assertThat(tunnel.transport().headers()).isEqualTo(Map.of("Host", List.of("sni.example")));
        assertThat(tunnel.transport().path()).isEqualTo("/a?ed=5");
        assertThat(tunnel.stated()).containsExactly("ping_interval");
        assertThat(reading.warnings())
                .satisfiesExactly(
                        first -> assertThat(first).contains("outbounds[0].multiplex: not taken over"),
                        second -> assertThat(second).contains("transport.path: ?ed= is a part of the path here"));
    }

    @Test
    void whatIsSwitchedOffDoesNotCount() throws Exception {
        TunnelConfig tunnel = read(CONFIG, Optional.of("b"), TunnelEnd.CLIENT).tunnel();

        assertThat(tunnel.tls()).isEmpty();
        assertThat(tunnel.account())
                .contains(Account.of(Account.Protocol.VMESS, "topsecret").withAlterId(3));
    }

    @Test
    void theOnlyWebSocketInboundIsWhatAServerTakes() throws Exception {
        ConfigReading reading = read(CONFIG, Optional.empty(), TunnelEnd.SERVER);
        TunnelConfig tunnel = reading.tunnel();

        assertThat(tunnel.inbound())
                .contains(new TunnelConfig.Inbound(
                        Optional.of(new HostAndPort("::", 8443)),
                        Optional.of(Path.of("c.pem")),
                        Optional.of(Path.of("k.pem")),
                        List.of()));
        assertThat(tunnel.transport().headers()).isEqualTo(Map.of("Server", List.of("s")));
        assertThat(tunnel.account()).contains(Account.of(Account.Protocol.TROJAN, "topsecret"));
        assertThat(reading.warnings()).singleElement().asString().contains("headers.Host: not used");
    }

    @Test
    void aClientTakesTheFirstOfSeveralHostsAndAWarningNamesTheOthers() throws Exception {
        ConfigReading reading = Dialects.read(
                ConfigSource.ofText("t", "{\"type\": \"ws\", \"headers\": {\"host\": [\"a\", \"b\", \"c\"]}}"),
                Optional.empty(),
                Optional.empty(),
                TunnelEnd.CLIENT);

        assertThat(reading.tunnel().transport().headers()).isEqualTo(Map.of("host", List.of("a")));
        assertThat(reading.warnings())
                .singleElement()
                .asString()
                .endsWith("headers.host: only the first host is used, because a request has one; ignored: b, c");
    }

    @Test
    void aTagChoosesAmongSeveralAndTheErrorNamesThem() {
        assertError(
                CONFIG,
                Optional.empty(),
                "t:1:1: expected one WebSocket tunnel, got 2; choose by tag (--tag NAME): \"a\", \"b\"");
        assertError(
                CONFIG,
                Optional.of("c"),
                "t:1:1: expected a tunnel of the tag \"c\", got none; WebSockets here: \"a\", \"b\", \"in\"");
        assertError(
                CONFIG,
                Optional.of("g"),
                "t:16:55: outbounds[2].transport.type: expected \"ws\", the only transport spoken here, got \"grpc\"");
        assertError(
                CONFIG,
                Optional.of("direct"),
                "t:17:3: outbounds[3].transport: expected a transport of the type \"ws\", got nothing");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "\"server\": \"h\"|server_port: expected a port from 1 to 65535, got nothing",
                "\"server\": \"h h\", \"server_port\": 1|server: expected a host name or an address",
                "\"server\": [], \"server_port\": 1|server: expected a string, got a list",
                "\"server\": \"h\", \"server_port\": 0|server_port: expected a whole number from 1 to 65535, got the number 0",
                "\"tls\": {\"enabled\": \"yes\"}|tls.enabled: expected true or false, got \"yes\"",
                "\"tls\": {\"enabled\": true, \"reality\": {\"enabled\": true}}|tls.reality: expected plain TLS",
                "\"tls\": {\"enabled\": true, \"server_name\": \"a:b\"}|tls.server_name: expected a host name without a port",
                "\"uuid\": {\"topsecret\": 1}|uuid: expected a text that is not empty, got something else (not shown)",
                "\"uuid\": \" \"|uuid: expected a text that is not empty",
                "\"tag\": []|tag: expected a string, got a list",
            })
    void whatIsWrongIsAnErrorThatNamesItsKey(String member, String message) {
        String json = "{\"type\": \"vless\", \"transport\": {\"type\": \"ws\"}, " + member + "}";

        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> read(json, Optional.empty(), TunnelEnd.CLIENT))
                .withMessageMatching("t:1:[0-9]+: .*")
                .withMessageContaining(message)
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("topsecret"));
    }

    private static void assertError(String json, Optional<String> tag, String message) {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> read(json, tag, TunnelEnd.CLIENT))
                .withMessage(message);
    }

    private static ConfigReading read(String json, Optional<String> tag, TunnelEnd side) throws ConfigException {
        return Dialects.read(ConfigSource.ofText("t", json), Optional.empty(), tag, side);
    }
}
