package io.v2ws.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.v2ws.HostAndPort;
import io.v2ws.WebSocketTransportOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class XrayReaderTest {
    private static final String CONFIG = """
            {"inbounds": [{"tag": "in", "listen": "127.0.0.1", "port": 8443, "protocol": "vless",
               "settings": {"clients": [{"id": "topsecret"}], "decryption": "none"},
               "streamSettings": {"network": "ws", "security": "tls",
                 "tlsSettings": {"certificates": [{"certificateFile": "c.pem", "keyFile": "k.pem"}]},
                 "wsSettings": {"path": "/t", "host": "in.example", "headers": {"X": "y"}}}}],
             "outbounds": [
              {"tag": "direct", "protocol": "freedom"},
              {"tag": "out", "protocol": "vmess", "mux": {"enabled": true},
               "settings": {"vnext": [{"address": "192.0.2.1", "port": 443,
                 "users": [{"id": "topsecret", "alterId": 4, "security": "none"}]}]},
               "streamSettings": {"network": "ws", "security": "tls",
                 "tlsSettings": {"serverName": "sni.example", "alpn": ["h2"], "fingerprint": "firefox"},
                 "wsSettings": {"path": "/t?a=1&ed=2560&b=%2f", "heartbeatPeriod": 7}}}]}""";

    @Test
    void wsSettingsOfV2rayAreReadUnchanged() throws Exception {
        assertThat(options("""
                {"path": "tunnel", "headers": {"Host": "a.example", "X": "1"}, "maxEarlyData": 2048,
                 "earlyDataHeaderName": "Sec-WebSocket-Protocol", "acceptProxyProtocol": false}"""))
                .isEqualTo(WebSocketTransportOptions.builder()
                        .path("/tunnel")
                        .headers(Map.of("Host", List.of("a.example"), "X", List.of("1")))
                        .maxEarlyData(2048)
                        .earlyDataHeaderName("Sec-WebSocket-Protocol")
                        .build());
        assertThat(options("{\"maxEarlyData\": 5}").earlyDataMode())
                .isEqualTo(WebSocketTransportOptions.EarlyDataMode.PATH);
    }

    @Test
    void edInThePathMeansHeaderModeAndIsRemoved() throws Exception {
        WebSocketTransportOptions options = options("{\"path\": \"/a?z=%2F&ed=2048&b\"}");

        assertThat(options.path()).isEqualTo("/a?z=%2F&b");
        assertThat(options.maxEarlyData()).isEqualTo(2048);
        assertThat(options.earlyDataHeaderName()).isEqualTo("Sec-WebSocket-Protocol");
    }

    @Test
    void hostIsHostThenServerNameThenAddress() throws Exception {
        String stream = "{\"network\": \"ws\", \"security\": \"tls\", \"tlsSettings\": {\"serverName\": \"sni\"}, %s}";

        assertThat(options(stream.formatted("\"wsSettings\": {\"host\": \"h\", \"headers\": {\"host\": \"i\"}}"))
                        .headers())
                .isEqualTo(Map.of("Host", List.of("h")));
        assertThat(options(stream.formatted("\"wsSettings\": {\"headers\": {\"host\": \"i\"}}"))
                        .headers())
                .isEqualTo(Map.of("Host", List.of("i")));
        assertThat(options(stream.formatted("\"wsSettings\": {}")).headers()).isEqualTo(Map.of("Host", List.of("sni")));
        assertThat(options("{\"network\": \"ws\"}").headers()).isEmpty();
    }

    @Test
    void kindsAndProtocolsAreReadInWhateverCaseAsXrayDoes() throws Exception {
        TunnelConfig tunnel = read(
                        "{\"protocol\": \"VLess\", \"settings\": {\"address\": \"h\", \"port\": 1, \"id\": \"u\"},"
                                + " \"streamSettings\": {\"network\": \"WS\", \"security\": \"TLS\"}}",
                        Optional.empty(),
                        TunnelEnd.CLIENT)
                .tunnel();

        assertThat(tunnel.tls()).isPresent();
        assertThat(tunnel.account()).contains(Account.of(Account.Protocol.VLESS, "u"));
        assertThat(read("{\"network\": \"ws\", \"security\": \"NONE\"}", Optional.empty(), TunnelEnd.CLIENT)
                        .tunnel()
                        .tls())
                .isEmpty();
    }

    @Test
    void aListOfHostsGivesItsFirstAndAWarningNamesTheOthers() throws Exception {
        for (String settings : List.of("\"host\": \"a,b\"", "\"headers\": {\"Host\": \"a,b\"}")) {
            ConfigReading reading = read("{\"path\": \"/\", " + settings + "}", Optional.empty(), TunnelEnd.CLIENT);
            assertThat(reading.tunnel().transport().headers()).isEqualTo(Map.of("Host", List.of("a")));
            assertThat(reading.warnings())
                    .singleElement()
                    .asString()
                    .endsWith("ost: only the first host is used, because a request has one; ignored: b");
        }
    }

    @Test
    void aCertificateThatIsNotTheServersOwnIsNamed() throws Exception {
        String tls = "{\"network\": \"ws\", \"security\": \"tls\", \"tlsSettings\": {\"certificates\": [{\"usage\":"
                + " \"verify\", \"certificateFile\": \"ca.pem\"}]}}";
        assertThat(read(
                                "{\"protocol\": \"vless\", \"streamSettings\": " + tls + "}",
                                Optional.empty(),
                                TunnelEnd.CLIENT)
                        .warnings())
                .singleElement()
                .asString()
                .contains("certificates[0]: not taken over: give certificates yourself (--tls-ca");
    }

    @Test
    void heartbeatPeriodIsThePingInterval() throws Exception {
        assertThat(options("{\"heartbeatPeriod\": 10}").pingInterval()).isEqualTo(Duration.ofSeconds(10));
        assertThat(options("{\"heartbeatPeriod\": 0}").pingInterval()).isZero();
        assertThat(options("{\"path\": \"/\"}").pingInterval()).isEqualTo(Duration.ofSeconds(20));
    }

    @Test
    void theOutboundOfATagIsReadWhole() throws Exception {
        ConfigReading reading = read(CONFIG, Optional.of("out"), TunnelEnd.CLIENT);
        TunnelConfig tunnel = reading.tunnel();

        assertThat(reading.dialect()).isEqualTo(Dialect.XRAY);
        assertThat(tunnel.server()).contains(new HostAndPort("192.0.2.1", 443));
        assertThat(tunnel.tls())
                .contains(new TlsConfig(Optional.of("sni.example"), false, List.of("h2"), Optional.of("firefox")));
        assertThat(tunnel.account()).contains(new Account(Account.Protocol.VMESS, "topsecret", "none", 4, ""));
        assertThat(tunnel.transport().headers()).isEqualTo(Map.of("Host", List.of("sni.example")));
        assertThat(tunnel.stated()).containsExactly("ping_interval");
        assertThat(reading.warnings())
                .singleElement()
                .asString()
                .contains("t:8:39: ", "outbounds[1].mux: not taken over");
    }

    @Test
    void theInboundOfATagGivesAServerWhatItListensToAndChecks() throws Exception {
        ConfigReading reading = read(CONFIG, Optional.empty(), TunnelEnd.SERVER);
        TunnelConfig tunnel = reading.tunnel();

        assertThat(tunnel.inbound())
                .contains(new TunnelConfig.Inbound(
                        Optional.of(new HostAndPort("127.0.0.1", 8443)),
                        Optional.of(Path.of("c.pem")),
                        Optional.of(Path.of("k.pem")),
                        List.of("in.example")));
        assertThat(tunnel.transport().headers()).isEmpty();
        assertThat(tunnel.transport().earlyDataHeaderName())
                .as("servers of Xray take early data from whoever sends it")
                .isEqualTo("Sec-WebSocket-Protocol");
        assertThat(reading.warnings()).singleElement().asString().contains("headers.X: not used");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"servers\": [{\"address\": \"h\", \"port\": \"443\", \"password\": \"p\"}]}",
                "{\"address\": \"h\", \"port\": 443, \"password\": \"p\"}"
            })
    void anAccountMayStandInAListOrAlone(String settings) throws Exception {
        TunnelConfig tunnel = read(
                        "{\"protocol\": \"trojan\", \"settings\": " + settings
                                + ", \"streamSettings\": {\"method\": \"websocket\"}}",
                        Optional.empty(),
                        TunnelEnd.CLIENT)
                .tunnel();

        assertThat(tunnel.server()).contains(new HostAndPort("h", 443));
        assertThat(tunnel.account()).contains(Account.of(Account.Protocol.TROJAN, "p"));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "{\"network\": \"grpc\"}|network: expected \"ws\", the only transport spoken here, got \"grpc\"",
                "{\"wsSettings\": {}}|network: expected \"ws\", for TCP is the default, got nothing",
                "{\"network\": \"ws\", \"security\": \"reality\"}|security: expected \"tls\" or \"none\", got \"reality\"",
                "{\"path\": 1.5e3, \"heartbeatPerod\": 1}|heartbeatPerod: expected a known key, got an unknown one; did you"
                        + " mean \"heartbeatPeriod\"?",
                "{\"path\": \"/?ed=x\"}|path: expected ?ed=N with N from 0 to 2147483647, got \"ed=x\"",
                "{\"path\": {}}|path: expected a string, got an object",
                "{\"path\": \"/\", \"maxEarlyData\": 4294967296}|maxEarlyData: expected a whole number from 0 to 2147483647,"
                        + " got the number 4294967296",
                "{\"host\": \"a b\"}|host: expected a host name such as \"example.org\", got \"a b\"",
                "{\"host\": []}|host: expected a string, got a list",
                "{\"headers\": {\"Host\": [\"a\", \"b\"]}}|headers.Host: expected one host, got 2",
                "{\"headers\": {\"a b\": \"c\"}}|headers[\"a b\"]: expected a header name",
                "{\"outbounds\": [{\"protocol\": \"vless\"}]}|expected a tunnel with a WebSocket transport, got none",
                "{\"outbounds\": [{\"protocol\": \"vless\", \"streamSettings\": 5}]}|outbounds[0].streamSettings: expected an"
                        + " object, got the number 5",
                "{\"protocol\": \"vless\"}|streamSettings: expected settings with the network \"ws\", got nothing",
                "{\"protocol\": \"vless\", \"settings\": {\"vnext\": [{\"address\": \"h\", \"port\": 70000}]},"
                        + " \"streamSettings\": {\"network\": \"ws\"}}|settings.vnext[0].port: expected a whole number from 1 to"
                        + " 65535, got the number 70000",
                "{\"protocol\": \"vless\", \"settings\": {\"vnext\": [{\"address\": \"h/\", \"port\": 7}]},"
                        + " \"streamSettings\": {\"network\": \"ws\"}}|settings.vnext[0].address: expected a host name or an"
                        + " address (IPv6 in brackets)",
            })
    void whatIsWrongIsAnErrorThatNamesItsKey(String json, String message) {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> read(json, Optional.empty(), TunnelEnd.CLIENT))
                .withMessageMatching("t:1:[0-9]+: .*")
                .withMessageContaining(message);
    }

    @Test
    void whatOnlyXrayDoesIsAWarningThatNamesItsKeyAndAnErrorWhereItBreaksTheServer() throws Exception {
        String json = "{\"acceptProxyProtocol\": true, \"useBrowserForwarding\": true}";

        assertThat(read(json, Optional.empty(), TunnelEnd.CLIENT).warnings())
                .satisfiesExactly(
                        first -> assertThat(first).startsWith("t:1:2: acceptProxyProtocol: "),
                        second -> assertThat(second).startsWith("t:1:31: useBrowserForwarding: "));
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> read(json, Optional.empty(), TunnelEnd.SERVER))
                .withMessageContaining("acceptProxyProtocol: expected false");
    }

    private static WebSocketTransportOptions options(String json) throws ConfigException {
        return read(json, Optional.empty(), TunnelEnd.CLIENT).tunnel().transport();
    }

    private static ConfigReading read(String json, Optional<String> tag, TunnelEnd side) throws ConfigException {
        return Dialects.read(ConfigSource.ofText("t", json), Optional.of(Dialect.XRAY), tag, side);
    }
}
