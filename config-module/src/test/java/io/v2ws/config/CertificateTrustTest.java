package io.v2ws.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.v2ws.HostAndPort;
import io.v2ws.WebSocketTransportOptions;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Pinned certificates and names to verify, from dialect to dialect. */
class CertificateTrustTest {
    private static final String A = "0f".repeat(32);
    private static final String B = "a1".repeat(32);
    private static final String XRAY = "{\"network\": \"ws\", \"security\": \"tls\", \"tlsSettings\": {%s}}";
    private static final String VMESS =
            "{\"add\": \"h\", \"port\": 1, \"id\": \"topsecret\", \"net\": \"ws\", \"tls\": \"%s\", %s}";

    @Test
    void xrayHasPinsInOneTextOrInAList() throws Exception {
        String colons = ("A1:".repeat(31) + "A1");
        for (String value :
                List.of("\"" + A + "," + colons + "\"", "\"" + A + "~" + B + "\"", "[\"" + A + "\", \"" + B + "\"]")) {
            assertThat(tls(XRAY.formatted("\"pinnedPeerCertSha256\": " + value)).pins())
                    .as(value)
                    .containsExactly(A, B);
        }
        assertThat(tls(XRAY.formatted("\"pinnedPeerCertSha256\": \"\"")).pins()).isEmpty();
    }

    @Test
    void xrayHasNamesToVerifyApartByCommas() throws Exception {
        assertThat(tls(XRAY.formatted("\"verifyPeerCertByName\": \"a.example, b.example\""))
                        .verifyNames())
                .containsExactly("a.example", "b.example");
    }

    @Test
    void linksHaveBothInPcsAndVcn() throws Exception {
        String query = "?type=ws&security=tls&pcs=" + A + "~" + B + "&vcn=a.example,b.example";
        for (TlsConfig tls : List.of(
                tls("vless://u@h:1" + query),
                tls("trojan://u@h:1" + query),
                tls(vmess("\"pcs\": \"" + A + "," + B + "\", \"vcn\": \"a.example,b.example\"")))) {
            assertThat(tls.pins()).containsExactly(A, B);
            assertThat(tls.verifyNames()).containsExactly("a.example", "b.example");
        }
    }

    @Test
    void clashHasAPinInFingerprint() throws Exception {
        TlsConfig tls = tls("proxies:\n- {name: n, type: vless, server: h, port: 1, uuid: u, tls: true, network: ws,"
                + " fingerprint: \"" + "A1:".repeat(31) + "A1\", client-fingerprint: chrome}");
        assertThat(tls.pins()).containsExactly(B);
        assertThat(tls.fingerprint()).contains("chrome");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "{\"network\": \"ws\", \"security\": \"tls\", \"tlsSettings\": {\"pinnedPeerCertSha256\": \"zz\"}}"
                        + "|tlsSettings.pinnedPeerCertSha256: expected the SHA-256 of a certificate, 64 hexadecimal digits, got"
                        + " \"zz\"",
                "{\"network\": \"ws\", \"security\": \"tls\", \"tlsSettings\": {\"verifyPeerCertByName\": \"a b\"}}"
                        + "|tlsSettings.verifyPeerCertByName: expected a host name",
                "{\"network\": \"ws\", \"security\": \"tls\", \"tlsSettings\": {\"serverName\": \"a,b\"}}"
                        + "|tlsSettings.serverName: expected a host name without a port, such as \"example.org\", got \"a,b\"",
                "network: ws\\ntls: true\\nserver: h\\nfingerprint: chrome|fingerprint: expected the SHA-256 of a certificate",
                "network: ws\\ntls: true\\nserver: h\\nservername: a..b|servername: expected a host name",
                "network: ws\\ntls: true\\nserver: h\\nws-opts: {headers: {Host: -a}}|ws-opts.headers.Host: no TLS server"
                        + " name is given, so this host is taken: expected a host name",
                "{\"type\": \"vless\", \"server\": \"h\", \"server_port\": 1, \"tls\": {\"enabled\": true, \"server_name\":"
                        + " \"*.a\"}, \"transport\": {\"type\": \"ws\"}}|tls.server_name: expected a host name",
                "vless://u@h:1?type=ws&security=tls&pcs=zz|vless link: pcs: expected the SHA-256 of a certificate",
                "vless://u@h:1?type=ws&security=tls&vcn=*|vless link: vcn: expected a host name",
                "vless://u@h:1?type=ws&security=tls&sni=a,b|vless link: sni: expected a host name",
                "vless://u@h:1?type=ws&security=tls&peer=a+b|vless link: peer: expected a host name",
                "vless://u@h:1?type=ws&security=tls&host=-a|vless link: host: no TLS server name is given, so this host is taken: expected a host name",
            })
    void whatIsNoPinAndNoNameIsAnErrorThatNamesItsKey(String text, String message) {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> read(text.translateEscapes()))
                .withMessageContaining(message);
    }

    @Test
    void whatHasAMeaningForTlsOnlyIsNamedWhereThereIsNone() throws Exception {
        for (String text : List.of(
                "vless://u@h:1?type=ws&pcs=" + A,
                vmess("\"pcs\": \"" + A + "\"", "none"),
                "{\"network\": \"ws\", \"tlsSettings\": {\"pinnedPeerCertSha256\": \"" + A + "\"}}",
                "{\"transport\": \"ws\", \"securitySettings\": {\"serverName\": \"s\"}}",
                "network: ws\nserver: h\nport: 1\nfingerprint: " + A)) {
            ConfigReading reading = read(text);
            assertThat(reading.tunnel().tls()).as(text).isEmpty();
            assertThat(reading.warnings())
                    .as(text)
                    .singleElement()
                    .asString()
                    .endsWith(": not used: there is no TLS here");
        }
    }

    @Test
    void allowInsecureIsNotWrittenForXrayAndNamedAsLost() {
        ConfigPrint print = print(new TlsConfig(Optional.empty(), true, List.of(), Optional.empty()), Dialect.XRAY);

        assertThat(print.text()).doesNotContain("allowInsecure");
        assertThat(print.lost())
                .singleElement()
                .asString()
                .startsWith("allowInsecure: left out: Xray refuses to start with it")
                .contains("pinnedPeerCertSha256", "verifyPeerCertByName");
    }

    @Test
    void allowInsecureInALinkIsSaidToHaveNoMeaningForXray() {
        TlsConfig insecure = new TlsConfig(Optional.empty(), true, List.of(), Optional.empty());
        for (Account.Protocol protocol : Account.Protocol.values()) {
            assertThat(Dialects.print(tunnel(insecure, protocol), Dialect.LINK, false)
                            .lost())
                    .singleElement()
                    .asString()
                    .contains("nsecure: Xray has no such option since 2026: pcs");
        }
    }

    @Test
    void xrayAndLinksGetPinsAndNamesAndOthersNameWhatTheyLose() {
        TlsConfig tls = new TlsConfig(
                Optional.of("s"), false, List.of(), Optional.empty(), List.of(A, B), List.of("a.example", "b.example"));

        assertThat(print(tls, Dialect.XRAY).lost()).isEmpty();
        assertThat(print(tls, Dialect.XRAY).text())
                .contains(
                        "\"pinnedPeerCertSha256\": \"" + A + "," + B + "\"",
                        "\"verifyPeerCertByName\": \"a.example,b.example\"");
        assertThat(print(tls, Dialect.LINK).text()).contains("&pcs=" + A + "%2C" + B + "&vcn=a.example%2Cb.example&");
        assertThat(print(tls, Dialect.LINK).lost()).isEmpty();
        assertThat(print(tls, Dialect.CLASH).text()).contains("fingerprint: \"" + A + "\"");
        assertThat(print(tls, Dialect.CLASH).lost())
                .satisfiesExactly(
                        first -> assertThat(first).startsWith("fingerprint: left out: every pin but the first"),
                        second -> assertThat(second).startsWith("verifyPeerCertByName: left out"));
        assertThat(print(tls, Dialect.SING_BOX).lost())
                .satisfiesExactly(
                        first -> assertThat(first).startsWith("pinnedPeerCertSha256: left out"),
                        second -> assertThat(second).startsWith("verifyPeerCertByName: left out"));
        assertThat(Dialects.print(tunnel(tls, Account.Protocol.VMESS), Dialect.LINK, false)
                        .lost())
                .singleElement()
                .asString()
                .startsWith("verifyPeerCertByName: left out");
    }

    @ParameterizedTest
    @EnumSource(
            value = Dialect.class,
            names = {"XRAY", "CLASH", "LINK"})
    void aPinIsReadBackAsItWasPrinted(Dialect dialect) throws Exception {
        TlsConfig tls = new TlsConfig(Optional.of("s"), false, List.of(), Optional.empty(), List.of(A), List.of());
        for (Account.Protocol protocol : Account.Protocol.values()) {
            String text = Dialects.print(tunnel(tls, protocol), dialect, false).text();
            assertThat(tls(text)).as(text).isEqualTo(tls);
        }
    }

    private static ConfigPrint print(TlsConfig tls, Dialect dialect) {
        return Dialects.print(tunnel(tls, Account.Protocol.VLESS), dialect, false);
    }

    private static TunnelConfig tunnel(TlsConfig tls, Account.Protocol protocol) {
        return new TunnelConfig(
                "n",
                WebSocketTransportOptions.defaults(),
                Optional.of(new HostAndPort("s", 1)),
                Optional.of(tls),
                Optional.of(Account.of(protocol, "topsecret")),
                Optional.empty(),
                Set.of());
    }

    private static String vmess(String members) {
        return vmess(members, "tls");
    }

    private static String vmess(String members, String security) {
        byte[] json = VMESS.formatted(security, members).getBytes(StandardCharsets.UTF_8);
        return "vmess://" + Base64.getEncoder().encodeToString(json);
    }

    private static TlsConfig tls(String text) throws ConfigException {
        return read(text).tunnel().tls().orElseThrow();
    }

    private static ConfigReading read(String text) throws ConfigException {
        return Dialects.read(ConfigSource.ofText("t", text), Optional.empty(), Optional.empty(), TunnelEnd.CLIENT);
    }
}
