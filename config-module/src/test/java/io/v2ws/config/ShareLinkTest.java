package io.v2ws.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.v2ws.HostAndPort;
import io.v2ws.WebSocketTransportOptions;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShareLinkTest {
    @Test
    void aVlessLinkGivesAllItHolds() throws Exception {
        TunnelConfig tunnel =
                read("vless://top%2Fsecret@[2001:db8::1]:8443?encryption=none&flow=f&security=tls&sni=s.example"
                                + "&alpn=h2%2Chttp%2F1.1&fp=chrome&allowInsecure=1&type=ws&host=h.example"
                                + "&path=%2Fa%3Fx%3D1%26ed%3D2048%26y#n%C3%A4me")
                        .tunnel();

        assertThat(tunnel)
                .isEqualTo(new TunnelConfig(
                        "näme",
                        WebSocketTransportOptions.builder()
                                .path("/a?x=1&y")
                                .header("Host", "h.example")
                                .maxEarlyData(2048)
                                .earlyDataHeaderName("Sec-WebSocket-Protocol")
                                .build(),
                        Optional.of(new HostAndPort("2001:db8::1", 8443)),
                        Optional.of(new TlsConfig(
                                Optional.of("s.example"), true, List.of("h2", "http/1.1"), Optional.of("chrome"))),
                        Optional.of(
                                Account.of(Account.Protocol.VLESS, "top/secret").withFlow("f")),
                        Optional.empty(),
                        java.util.Set.of()));
    }

    @ParameterizedTest
    @CsvSource({
        // sni, host, address -> name of TLS, Host
        "sni=s&host=h, 192.0.2.1, s, h",
        "sni=s, 192.0.2.1, s, s",
        "host=h:8443, 192.0.2.1, h, h:8443",
        "host=h, a.example, h, h",
        "sni=a.example, a.example, a.example, ",
        "x=, a.example, , ",
        "host=192.0.2.7, a.example, , 192.0.2.7",
    })
    void hostIsHostThenServerNameThenAddressAndTheServerNameIsThatOfHostWhereThereIsNone(
            String query, String address, String serverName, String host) throws Exception {
        TunnelConfig tunnel =
                read("trojan://p@" + address + ":443?type=ws&" + query).tunnel();

        assertThat(tunnel.tls().orElseThrow().serverName()).isEqualTo(Optional.ofNullable(serverName));
        assertThat(tunnel.transport().headers()).isEqualTo(host == null ? Map.of() : Map.of("Host", List.of(host)));
    }

    @Test
    void trojanSpeaksTlsUnlessItSaysNoneAndVlessOnlyIfItSaysSo() throws Exception {
        assertThat(read("trojan://p@h:1?type=ws").tunnel().tls()).isPresent();
        assertThat(read("trojan://p@h:1?type=ws&security=none").tunnel().tls()).isEmpty();
        assertThat(read("vless://p@h:1?type=ws").tunnel().tls()).isEmpty();
        assertThat(read("vless://p@h:1?type=ws&security=tls").tunnel().tls()).isPresent();
    }

    @ParameterizedTest
    @CsvSource({
        "path=%2Fa&ed=100, /a, 100, Sec-WebSocket-Protocol",
        "path=%2Fa&ed=100&eh=Early, /a, 100, Early",
        "path=%2Fa&eh=Early, /a, 0, Early",
        "path=%2Fa%3Fed%3D100&ed=100&eh=Early, /a, 100, Early",
        "path=%2Fa%3Fed%3D100&eh=Early, /a, 100, Sec-WebSocket-Protocol",
        "path=a%2Bb+c, /a+b+c, 0, ''",
        "path=, /, 0, ''",
    })
    void earlyDataStandsInThePathOrInKeysOfItsOwn(String query, String path, int bytes, String header)
            throws Exception {
        WebSocketTransportOptions options =
                read("vless://u@h:1?type=ws&" + query).tunnel().transport();

        assertThat(options.path()).isEqualTo(path);
        assertThat(options.maxEarlyData()).isEqualTo(bytes);
        assertThat(options.earlyDataHeaderName()).isEqualTo(header);
    }

    @Test
    void aVmessLinkIsBase64OfJsonOrWrittenLikeTheOthers() throws Exception {
        String json =
                "{\"v\": \"2\", \"ps\": \"n\", \"add\": \"192.0.2.1\", \"port\": %s, \"id\": \"topsecret\", \"aid\": %s,"
                        + " \"scy\": \"none\", \"net\": \"ws\", \"type\": \"none\", \"host\": \"h.example\", \"path\": \"/a?ed=5\","
                        + " \"tls\": \"tls\", \"sni\": \"\", \"alpn\": \"\", \"fp\": \"\"}";
        TunnelConfig expected = new TunnelConfig(
                "n",
                WebSocketTransportOptions.builder()
                        .path("/a")
                        .header("Host", "h.example")
                        .maxEarlyData(5)
                        .earlyDataHeaderName("Sec-WebSocket-Protocol")
                        .build(),
                Optional.of(new HostAndPort("192.0.2.1", 443)),
                Optional.of(TlsConfig.of(Optional.of("h.example"))),
                Optional.of(Account.of(Account.Protocol.VMESS, "topsecret").withCipher("none")),
                Optional.empty(),
                java.util.Set.of());

        assertThat(read(vmess(json.formatted("443", "0"))).tunnel()).isEqualTo(expected);
        assertThat(read(vmess(json.formatted("\"443\"", "\"0\""))).tunnel()).isEqualTo(expected);
        assertThat(read(vmess(json.formatted("443", "\"\"")).replace("=", "") + "#other")
                        .tunnel())
                .isEqualTo(expected);
        assertThat(read("vmess://topsecret@192.0.2.1:443?encryption=none&type=ws&security=tls&host=h.example"
                                + "&path=/a%3Fed=5#n")
                        .tunnel())
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "vless://u@h:1?type=WS&security=TLS&sni=s.example",
                "vless://u@h:1?type=WebSocket&security=Tls&sni=s.example",
                "TROJAN://u@h:1?type=Ws&sni=s.example",
            })
    void kindsAreReadInWhateverCase(String link) throws Exception {
        assertThat(read(link).tunnel().tls()).contains(TlsConfig.of(Optional.of("s.example")));
        assertThat(read(vmess("{\"add\": \"h\", \"port\": 1, \"id\": \"u\", \"net\": \"WS\", \"tls\": \"TLS\","
                                + " \"sni\": \"s.example\", \"type\": \"NONE\", \"insecure\": \"TRUE\"}"))
                        .tunnel()
                        .tls())
                .contains(new TlsConfig(Optional.of("s.example"), true, List.of(), Optional.empty()));
        assertThat(read("trojan://u@h:1?type=ws&security=NONE").tunnel().tls()).isEmpty();
        assertThat(read("trojan://u@h:1?type=ws&allowInsecure=True")
                        .tunnel()
                        .tls()
                        .orElseThrow()
                        .insecure())
                .isTrue();
    }

    @Test
    void aListOfHostsGivesItsFirstAndAWarningNamesTheOthers() throws Exception {
        String json = "{\"add\": \"h\", \"port\": 1, \"id\": \"u\", \"net\": \"ws\", \"tls\": \"tls\","
                + " \"host\": \"a.example,b.example, c.example\"}";
        for (String link :
                List.of("vless://u@h:1?type=ws&security=tls&host=a.example,b.example,%20c.example", vmess(json))) {
            ConfigReading reading = read(link);

            assertThat(reading.tunnel().transport().headers()).isEqualTo(Map.of("Host", List.of("a.example")));
            assertThat(reading.tunnel().tls()).contains(TlsConfig.of(Optional.of("a.example")));
            assertThat(reading.warnings())
                    .singleElement()
                    .asString()
                    .endsWith(
                            "host: only the first host is used, because a request has one; ignored: b.example, c.example");
        }
    }

    @Test
    void peerIsTheServerNameWhereSniDoesNotSayAnother() throws Exception {
        assertThat(read("trojan://p@192.0.2.1:1?type=ws&peer=p.example&host=h.example")
                        .tunnel()
                        .tls())
                .contains(TlsConfig.of(Optional.of("p.example")));
        ConfigReading both = read("trojan://p@192.0.2.1:1?type=ws&peer=p.example&sni=s.example");
        assertThat(both.tunnel().tls()).contains(TlsConfig.of(Optional.of("s.example")));
        assertThat(both.warnings()).containsExactly("t: trojan link: peer: not used: sni takes its place");
        assertThat(read("trojan://p@h:1?type=ws&peer=s.example&sni=s.example").warnings())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "vless://u@h:1",
                "vless://u@h:1?",
                "vless://u@h:1?security=tls&sni=s.example",
                "vless://u@h:1?security=tls#name",
                "vless://u@h:1?type=tcp",
            })
    void quotesAreNotSpokenOfWhereTheShellHasTakenNothing(String link) {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> read(link))
                .withMessageContaining("type: expected ws, the only transport spoken here, got ")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("quotes"));
    }

    @Test
    void oneOfManyLinksIsChosenByItsName() throws Exception {
        String links =
                "vless://a@h:1?type=ws&path=/a#one\n\nss://topsecret@h:1#two\ntrojan://b@h:1?type=ws&path=/b#three\n";
        ConfigReading reading = Dialects.read(
                ConfigSource.ofText("t", links), Optional.empty(), Optional.of("three"), TunnelEnd.CLIENT);

        assertThat(reading.tunnel().transport().path()).isEqualTo("/b");
        assertThat(reading.warnings())
                .singleElement()
                .isEqualTo(
                        "t: expected a link that begins vless://, trojan:// or vmess://, got ss://… (link 2, left out)");
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> read(links))
                .withMessageContaining(
                        "expected one WebSocket tunnel, got 2; choose by tag (--tag NAME): \"one\", \"three\"");
    }

    @Test
    void whatIsNotUsedIsAWarningThatNamesItsKeyAndNoMore() throws Exception {
        assertThat(read("vless://u@h:1?type=ws&pbk=topsecret&spx=&headerType=none")
                        .warnings())
                .containsExactly("t: vless link: pbk: not taken over: v2ws has no such option");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "vless://topsecret@h:1|type: expected ws, the only transport spoken here, got nothing",
                "vless://topsecret@h:1?encryption=none|got nothing (in a shell a link needs quotes, for & ends a command)",
                "vless://topsecret@h:1?type=grpc|type: expected ws, the only transport spoken here, got \"grpc\"",
                "vless://topsecret@h?type=ws|address: expected HOST:PORT behind the @, got no port",
                "vless://topsecret@h:?type=ws|address: expected a port from 1 to 65535, got \"\"",
                "vless://topsecret@h:0?type=ws|address: expected a port from 1 to 65535, got \"0\"",
                "vless://topsecret@h:65536?type=ws|address: expected a port from 1 to 65535, got \"65536\"",
                "vless://topsecret@h:99999999999999?type=ws|address: expected a port from 1 to 65535",
                "vless://topsecret@[::1:1?type=ws|address: expected a host name or an address (IPv6 in brackets)",
                "vless://topsecret@:1?type=ws|address: expected a host name or an address (IPv6 in brackets)",
                "vless://topsecret@h h:1?type=ws|address: expected a host name or an address (IPv6 in brackets)",
                "vless://@h:1?type=ws|id: expected one before an @, got none",
                "trojan://h:1?type=ws|password: expected one before an @, got none",
                "vless://%20@h:1?type=ws|credential: expected a text that is not empty",
                "vless://topsecret%zz@h:1?type=ws|credential: expected two hexadecimal digits behind each %",
                "vless://topsecret@h:1?type=ws&path=%f|path: expected two hexadecimal digits behind each %",
                "vless://topsecret@h:1?type=ws&path=%c3%28|path: expected percent-encoded UTF-8",
                "vless://topsecret@h:1?type=ws&path=%0a|path: expected no control characters, got one",
                "vless://topsecret@h:1?type=ws&path=%23|path: a fragment ('#') never reaches a server: #",
                "vless://topsecret@h:1?type=ws&path=/&path=/|path: expected each key once, got it again",
                "vless://topsecret@h:1?type=ws&host=a%20b|host: expected a host name such as",
                "vless://topsecret@h:1?type=ws&security=reality|security: expected tls or none, got \"reality\"",
                "vless://topsecret@h:1?type=ws&security=tls&sni=a/b|sni: expected a host name without a port",
                "vless://topsecret@h:1?type=ws&ed=x|ed: expected N from 0 to 2147483647, got \"ed=x\"",
                "vless://topsecret@h:1?type=ws&eh=a%20b|eh: expected a header name",
                "vless://topsecret@h:1?type=ws&path=?ed=1&ed=2|ed: expected the number that the path has, got another",
                "vless://topsecret@h:1/p?type=ws|expected ? or the end behind the port, got \"/p\"",
                "vmess://!topsecret!|expected base64 behind vmess://, got something else",
                "vmess://gICA|expected UTF-8 in the base64, got bytes of another encoding",
                "vmess://dG9wc2VjcmV0|(decoded):1:1: expected JSON, got: a word without quotes",
                "vmess://W10=|(decoded):1:1: expected an object, got a list",
                "vmess://e30=|(decoded):1:1: net: expected \"ws\", got nothing",
                "socks://topsecret@h:1|expected a link that begins vless://, trojan:// or vmess://, got socks://…",
            })
    void whatIsWrongIsAnErrorThatNamesItsKeyAndNeverTheCredential(String link, String message) {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> read(link))
                .withMessageStartingWith("t: ")
                .withMessageContaining(message)
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("topsecret", "\n"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"net\": \"kcp\"",
                "\"port\": 0",
                "\"port\": \"x\"",
                "\"add\": \"\"",
                "\"id\": {}",
                "\"tls\": \"xtls\"",
                "\"host\": \"a/b\"",
                "\"path\": 1e9999999, \"sni\": \"a b\"",
                "\"aid\": -1",
                "\"path\": \"#\"",
                "\"id\": \"\""
            })
    void aWrongValueInAVmessLinkIsAnErrorThatNamesItsKey(String member) {
        String key = member.substring(1, member.indexOf('"', 1));
        String base = "{\"add\": \"h\", \"port\": 1, \"id\": \"topsecret\", \"net\": \"ws\", \"tls\": \"tls\"";
        String json =
                base.replaceAll(", \"" + key + "\": [^,]*|\\{\"" + key + "\": [^,]*,", key.equals("add") ? "{" : "")
                        + ", " + member + "}";

        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> read(vmess(json)))
                .withMessageMatching("t: vmess link \\(decoded\\):1:[0-9]+: [a-z]+: expected .*|.*path: a fragment.*")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("topsecret"));
    }

    private static String vmess(String json) {
        return "vmess://" + Base64.getEncoder().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    private static ConfigReading read(String link) throws ConfigException {
        return Dialects.read(ConfigSource.ofText("t", link), Optional.empty(), Optional.empty(), TunnelEnd.CLIENT);
    }
}
