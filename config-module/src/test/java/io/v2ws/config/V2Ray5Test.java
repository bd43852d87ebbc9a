package io.v2ws.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.v2ws.HostAndPort;
import io.v2ws.WebSocketTransportOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The own format of v2ray 5 ({@code jsonv5}). */
class V2Ray5Test {
    private static final String CONFIG = """
            {"log": {}, "inbounds": [
              {"tag": "socks", "protocol": "socks", "port": 1080},
              {"tag": "in", "protocol": "vless", "listen": "127.0.0.1", "port": 8443, "settings": {"users": ["topsecret"]},
               "streamSettings": {"transport": "ws", "security": "tls",
                 "transportSettings": {"path": "/in", "header": [{"key": "Host", "value": "in.example"}],
                   "maxEarlyData": 2048, "earlyDataHeaderName": "Sec-WebSocket-Protocol"},
                 "securitySettings": {"certificate": [
                   {"usage": "AUTHORITY_VERIFY_CLIENT", "certificateFile": "ca.pem"},
                   {"usage": "ENCIPHERMENT", "certificateFile": "c.pem", "keyFile": "k.pem"}]}}}],
             "outbounds": [
              {"tag": "direct", "protocol": "freedom", "streamSettings": {"transport": "tcp"}},
              {"tag": "out", "protocol": "VLESS", "mux": {"enabled": true},
               "settings": {"address": "192.0.2.1", "port": 443, "uuid": "topsecret", "packetEncoding": "xudp"},
               "streamSettings": {"transport": "ws", "security": "tls", "socketSettings": {"mark": 1},
                 "transportSettings": {"path": "/t?a=1&ed=2560",
                   "header": [{"key": "Host", "value": "h.example"}, {"key": "X", "value": "1"}, {"key": "x", "value": "2"}],
                   "maxEarlyData": 100, "useBrowserForwarding": true},
                 "securitySettings": {"serverName": "sni.example", "nextProtocol": ["h2", "http/1.1"],
                   "pinnedPeerCertificateChainSha256": ["abc="], "allowInsecureIfPinnedPeerCertificate": true}}}]}""";

    @Test
    void anOutboundIsReadWholeAndWhatHasNoEffectIsNamed() throws Exception {
        ConfigReading reading = read(CONFIG, Optional.of("out"), TunnelEnd.CLIENT);
        TunnelConfig tunnel = reading.tunnel();

        assertThat(reading.dialect()).isEqualTo(Dialect.XRAY);
        assertThat(tunnel.server()).contains(new HostAndPort("192.0.2.1", 443));
        assertThat(tunnel.tls())
                .contains(
                        new TlsConfig(Optional.of("sni.example"), false, List.of("h2", "http/1.1"), Optional.empty()));
        assertThat(tunnel.account()).contains(Account.of(Account.Protocol.VLESS, "topsecret"));
        assertThat(tunnel.transport())
                .isEqualTo(WebSocketTransportOptions.builder()
                        .path("/t?a=1&ed=2560")
                        .headers(Map.of("Host", List.of("h.example"), "X", List.of("1", "2")))
                        .maxEarlyData(100)
                        .build());
        assertThat(reading.warnings())
                .anySatisfy(line -> assertThat(line).contains("outbounds[1].mux: not taken over"))
                .anySatisfy(line -> assertThat(line).contains("settings.packetEncoding: not taken over"))
                .anySatisfy(line -> assertThat(line).contains("streamSettings.socketSettings: not taken over"))
                .anySatisfy(line -> assertThat(line).contains("useBrowserForwarding: not used"))
                .anySatisfy(line -> assertThat(line)
                        .contains("transportSettings.path: ?ed= is a part of the path here, as in v2ray 5"))
                .anySatisfy(line -> assertThat(line)
                        .contains("securitySettings.pinnedPeerCertificateChainSha256: not taken over")
                        .contains("--tls-pin"))
                .anySatisfy(line -> assertThat(line).contains("allowInsecureIfPinnedPeerCertificate: not taken over"))
                .hasSize(7)
                .allSatisfy(line -> assertThat(line).doesNotContain("topsecret"));
    }

    @Test
    void anInboundGivesAServerItsAddressCertificateAndTransport() throws Exception {
        ConfigReading reading = read(CONFIG, Optional.empty(), TunnelEnd.SERVER);
        TunnelConfig tunnel = reading.tunnel();

        assertThat(tunnel.inbound())
                .as("a server of v2ray 5 answers to every Host")
                .contains(new TunnelConfig.Inbound(
                        Optional.of(new HostAndPort("127.0.0.1", 8443)),
                        Optional.of(Path.of("c.pem")),
                        Optional.of(Path.of("k.pem")),
                        List.of()));
        assertThat(tunnel.transport())
                .isEqualTo(WebSocketTransportOptions.builder()
                        .path("/in")
                        .maxEarlyData(2048)
                        .earlyDataHeaderName("Sec-WebSocket-Protocol")
                        .build());
        assertThat(tunnel.account()).contains(Account.of(Account.Protocol.VLESS, "topsecret"));
        assertThat(reading.warnings())
                .satisfiesExactlyInAnyOrder(
                        line -> assertThat(line).contains("certificate[0]: not taken over"),
                        line -> assertThat(line).contains("header[0].value: not used: clients send it"));
    }

    @Test
    void aServerTakesEarlyDataOnlyWhereTheInboundSaysSo() throws Exception {
        String inbound = "{\"protocol\": \"vmess\", \"port\": 1, \"settings\": {\"users\": [\"a\", \"b\"]},"
                + " \"streamSettings\": {\"transport\": \"ws\"}}";
        TunnelConfig tunnel = read(inbound, Optional.empty(), TunnelEnd.SERVER).tunnel();

        assertThat(tunnel.transport().earlyDataMode()).isEqualTo(WebSocketTransportOptions.EarlyDataMode.NONE);
        assertThat(tunnel.account()).as("two users are no account").isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"vless, uuid, VLESS", "VMess, uuid, VMESS", "TROJAN, password, TROJAN"})
    void theAccountStandsInTheSettingsWhateverTheLettersOfTheProtocol(
            String name, String key, Account.Protocol protocol) throws Exception {
        String outbound = "{\"protocol\": \"" + name + "\", \"settings\": {\"address\": \"h\", \"port\": \"443\", \""
                + key + "\": \"topsecret\"}, \"streamSettings\": {\"transport\": \"WS\", \"transportSettings\": {}}}";
        TunnelConfig tunnel = read(outbound, Optional.empty(), TunnelEnd.CLIENT).tunnel();

        assertThat(tunnel.server()).contains(new HostAndPort("h", 443));
        assertThat(tunnel.account()).contains(Account.of(protocol, "topsecret"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"transport\": \"ws\", \"security\": \"none\", \"transportSettings\": {\"headers\": {\"X\": \"1\"}}}",
                "{\"transport\": \"ws\", \"transportSettings\": {\"headers\": [{\"key\": \"X\", \"value\": \"1\"}]}}",
                "{\"transport\": \"ws\", \"transportSettings\": {\"header\": [{\"key\": \"X\", \"value\": \"1\"}]}}",
            })
    void headersAreAListOrAnObject(String stream) throws Exception {
        assertThat(read(stream, Optional.empty(), TunnelEnd.CLIENT)
                        .tunnel()
                        .transport()
                        .headers())
                .isEqualTo(Map.of("X", List.of("1")));
    }

    @Test
    void utlsIsTlsAndWhatItImitatesIsNamed() throws Exception {
        ConfigReading reading = read(
                "{\"transport\": \"ws\", \"security\": \"utls\", \"securitySettings\": {\"imitate\": \"chrome_auto\","
                        + " \"tlsConfig\": {\"serverName\": \"s.example\"}}}",
                Optional.empty(),
                TunnelEnd.CLIENT);

        assertThat(reading.tunnel().tls()).contains(TlsConfig.of(Optional.of("s.example")));
        assertThat(reading.warnings()).singleElement().asString().contains("imitate: not taken over");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "{\"transport\": \"grpc\", \"transportSettings\": {}}|transport: expected \"ws\", the only transport spoken here,"
                        + " got \"grpc\"",
                "{\"securitySettings\": {}}|transport: expected \"ws\", for TCP is the default, got nothing",
                "{\"transport\": \"ws\", \"transportSettings\": {\"pth\": \"/\"}}|transportSettings.pth: expected a known key",
                "{\"transport\": \"ws\", \"transportSettings\": {\"header\": [{\"key\": \"a b\", \"value\": \"\"}]}}"
                        + "|transportSettings.header[0].value: expected a header name",
                "{\"transport\": \"ws\", \"transportSettings\": {\"header\": [], \"headers\": []}}"
                        + "|transportSettings.headers: expected either header or headers, got both",
                "{\"transport\": \"ws\", \"transportSettings\": {\"header\": [{\"key\": \"host\", \"value\": \"a\"},"
                        + " {\"key\": \"Host\", \"value\": \"b\"}]}}|header[0].value: expected one host, got 2",
                "{\"transport\": \"ws\", \"security\": \"reality\"}|security: expected \"tls\" or \"none\", got \"reality\"",
                "{\"transport\": \"ws\", \"security\": \"tls\", \"securitySettings\": {\"serverName\": \"a b\"}}"
                        + "|securitySettings.serverName: expected a host name",
                "{\"protocol\": \"vless\", \"settings\": {\"address\": \"h\", \"port\": 0, \"uuid\": \"topsecret\"},"
                        + " \"streamSettings\": {\"transport\": \"ws\"}}|settings.port: expected a whole number from 1 to 65535",
                "{\"protocol\": \"vless\", \"settings\": {\"users\": [[\"topsecret\"]]}, \"port\": 1,"
                        + " \"streamSettings\": {\"transport\": \"ws\"}}|settings.users[0]: expected a text that is not empty",
                "{\"outbounds\": [{\"protocol\": \"vless\", \"streamSettings\": {\"transport\": \"grpc\"}}]}"
                        + "|expected a tunnel with a WebSocket transport, got none",
            })
    void whatIsWrongIsAnErrorThatNamesItsKey(String json, String message) {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> read(json, Optional.empty(), TunnelEnd.CLIENT))
                .withMessageMatching("t:1:[0-9]+: .*")
                .withMessageContaining(message)
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("topsecret"));
    }

    private static ConfigReading read(String json, Optional<String> tag, TunnelEnd side) throws ConfigException {
        return Dialects.read(ConfigSource.ofText("t", json), Optional.empty(), tag, side);
    }
}
