package io.v2ws.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.v2ws.HostAndPort;
import io.v2ws.WebSocketTransportOptions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClashReaderTest {
    private static final String CONFIG = """
            port: 7890
            common: &common {udp: true, network: ws, skip-cert-verify: true}
            proxies:
              - name: "a b"
                type: vmess
                server: 192.0.2.1
                port: "443"
                uuid: 123456
                alterId: 2
                cipher: auto
                tls: true
                alpn: [http/1.1]
                client-fingerprint: chrome
                <<: *common
                smux: {enabled: true}
                ws-opts:
                  path: /a?x=1&ed=2048
                  headers: {Host: h.example, X: "1"}
              - {name: t, type: trojan, server: s.example, port: 443, password: topsecret, sni: n.example, network: ws,
                 ws-opts: {max-early-data: 100, early-data-header-name: Early}}
              - {name: tcp, type: vless, server: h, port: 1, uuid: topsecret}
            """;

    @Test
    void theProxyOfANameIsReadWhole() throws Exception {
        ConfigReading reading = read(CONFIG, Optional.of("a b"), TunnelEnd.CLIENT);
        TunnelConfig tunnel = reading.tunnel();

        assertThat(reading.dialect()).isEqualTo(Dialect.CLASH);
        assertThat(tunnel.server()).contains(new HostAndPort("192.0.2.1", 443));
        assertThat(tunnel.tls())
                .as("mihomo asks for the name in Host where there is no other")
                .contains(new TlsConfig(Optional.of("h.example"), true, List.of("http/1.1"), Optional.of("chrome")));
        assertThat(tunnel.account())
                .contains(Account.of(Account.Protocol.VMESS, "123456").withAlterId(2));
        assertThat(tunnel.transport())
                .isEqualTo(WebSocketTransportOptions.builder()
                        .path("/a?x=1")
                        .headers(Map.of("Host", List.of("h.example"), "X", List.of("1")))
                        .maxEarlyData(2048)
                        .earlyDataHeaderName("Sec-WebSocket-Protocol")
                        .build());
        assertThat(reading.warnings()).singleElement().asString().startsWith("t:15:5: proxies[0].smux: not taken over");
    }

    @Test
    void trojanAlwaysSpeaksTlsAndItsNameIsCalledSni() throws Exception {
        TunnelConfig tunnel = read(CONFIG, Optional.of("t"), TunnelEnd.CLIENT).tunnel();

        assertThat(tunnel.tls()).contains(TlsConfig.of(Optional.of("n.example")));
        assertThat(tunnel.transport().headers()).isEqualTo(Map.of("Host", List.of("n.example")));
        assertThat(tunnel.transport().earlyDataHeaderName()).isEqualTo("Early");
        assertThat(tunnel.transport().maxEarlyData()).isEqualTo(100);
    }

    @Test
    void aServerTakesPathAndEarlyDataAndIsToldWhatItDoesNotTake() throws Exception {
        ConfigReading reading = read(CONFIG, Optional.of("a b"), TunnelEnd.SERVER);

        assertThat(reading.tunnel().transport().headers()).isEmpty();
        assertThat(reading.tunnel().transport().path()).isEqualTo("/a?x=1");
        assertThat(reading.warnings())
                .anySatisfy(line -> assertThat(line).contains("headers.Host: not used"))
                .anySatisfy(line -> assertThat(line).contains("headers.X: not used"));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "ws-opts: {path: /a, max-early-data: 5}|/a",
                "{path: /a, max-early-data: 5}|/a",
                "- {name: x, network: ws, ws-opts: {path: /a, max-early-data: 5}}|/a",
                "{\"proxies\": [{\"network\": \"ws\", \"ws-opts\": {\"path\": \"/a\", \"max-early-data\": 5}}]}|/a",
            })
    void piecesOfAConfigurationAreReadToo(String yaml, String path) throws Exception {
        String text = yaml.startsWith("ws-opts") ? "network: ws\n" + yaml : yaml;
        ConfigReading reading = read(text, Optional.empty(), TunnelEnd.CLIENT);

        assertThat(reading.tunnel().transport().path()).isEqualTo(path);
        assertThat(reading.tunnel().transport().earlyDataMode())
                .isEqualTo(WebSocketTransportOptions.EarlyDataMode.PATH);
    }

    @Test
    void aNumberInThePathTakesThePlaceOfTheKeysAndSaysSo() throws Exception {
        ConfigReading reading = read(
                "{path: /a?ed=7, max-early-data: 5, early-data-header-name: Early}",
                Optional.empty(),
                TunnelEnd.CLIENT);

        assertThat(reading.tunnel().transport().maxEarlyData()).isEqualTo(7);
        assertThat(reading.tunnel().transport().isEarlyDataInSubprotocol()).isTrue();
        assertThat(reading.warnings())
                .satisfiesExactly(
                        first -> assertThat(first).contains("max-early-data: not used: ?ed=7 in the path"),
                        second -> assertThat(second).contains("early-data-header-name: not used: ?ed=7 in the path"));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "{name: x, type: vless, server: h, network: grpc}|t:1:44: network: expected \"ws\", the only transport spoken"
                        + " here, got \"grpc\"",
                "{name: x, type: vless, server: h, port: 1}|t:1:1: network: expected \"ws\", got nothing",
                "{network: ws, server: h, port: x}|t:1:32: port: expected a whole number from 1 to 65535, got \"x\"",
                "{network: ws, ws-opts: {heartbeatPeriod: 5}}|t:1:25: ws-opts.heartbeatPeriod: expected a known key, got an"
                        + " unknown one; known here: path, headers,",
                "{network: ws, ws-opts: {v2ray-http-upgrade: true}}|t:1:45: ws-opts.v2ray-http-upgrade: expected false, for"
                        + " HTTPUpgrade is no WebSocket, got true",
                "{network: ws, ws-opts: []}|t:1:24: ws-opts: expected an object, got a list",
                "{network: ws, type: trojan, password: [topsecret]}|t:1:39: password: expected a text that is not empty",
                "proxies: {a: b}|t:1:10: proxies: expected a list, got an object",
                "proxies: [a]|t:1:11: proxies[0]: expected an object, got \"a\"",
                "proxies: []|t:1:10: proxies: expected a tunnel with a WebSocket transport, got none",
            })
    void whatIsWrongIsAnErrorThatNamesItsKey(String yaml, String message) {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> Dialects.read(
                        ConfigSource.ofText("t", yaml), Optional.of(Dialect.CLASH), Optional.empty(), TunnelEnd.CLIENT))
                .withMessageStartingWith(message)
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("topsecret"));
    }

    private static ConfigReading read(String yaml, Optional<String> name, TunnelEnd side) throws ConfigException {
        boolean pieces = yaml.startsWith("{path");
        return Dialects.read(
                ConfigSource.ofText("t", yaml), pieces ? Optional.of(Dialect.CLASH) : Optional.empty(), name, side);
    }
}
