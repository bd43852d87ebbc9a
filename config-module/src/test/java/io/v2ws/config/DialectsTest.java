package io.v2ws.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.v2ws.HostAndPort;
import io.v2ws.WebSocketTransportOptions;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DialectsTest {
    private static final Account ACCOUNT = Account.of(Account.Protocol.VLESS, "topsecret");

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "{\"type\": \"ws\"}|SING_BOX",
                "// {\\n# {\\n/* { */ {\"type\": \"ws\"}|SING_BOX",
                "{\"outbounds\": [{\"type\": \"vless\", \"transport\": {\"type\": \"ws\"}}]}|SING_BOX",
                "{\"inbounds\": [], \"outbounds\": [{\"protocol\": \"vless\", \"streamSettings\": {\"network\": \"ws\"}}]}|XRAY",
                "{\"network\": \"ws\"}|XRAY",
                "{\"path\": \"/\"}|XRAY",
                "{\"protocol\": \"x\", \"streamSettings\": {\"network\": \"ws\"}}|XRAY",
                "protocol: x\\nstreamSettings: {network: ws}|XRAY",
                "network: ws|CLASH",
                "path: /|CLASH",
                "proxies: [{network: ws}]|CLASH",
                "{\"proxies\": [{\"network\": \"ws\"}]}|CLASH",
                "{\"name\": \"x\", \"type\": \"vless\", \"network\": \"ws\"}|CLASH",
                "# vless://\\n- {network: ws}|CLASH",
                "  VLESS://u@h:1?type=ws\\n|LINK",
            })
    void theDialectIsFoundOutFromTheText(String text, Dialect dialect) throws Exception {
        assertThat(read(text.translateEscapes()).dialect()).isEqualTo(dialect);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "``|t:1:1: expected a configuration or a share link, got an empty text",
                " \\n|t:1:1: expected a configuration or a share link, got an empty text",
                "hello|t:1:1: expected a sing-box, Xray or Clash configuration, or a share link, got something else",
                "[]|t:1:1: expected a sing-box, Xray or Clash configuration, or a share link, got something else",
                "{\"a\": 1}|t:1:1: expected keys of a sing-box, Xray or Clash configuration, got none of them",
                "{\"outbounds\": 5}|t:1:15: outbounds: expected a list, got the number 5",
                "{\"outbounds\": [5]}|t:1:16: outbounds[0]: expected an object, got the number 5",
                "{\"outbounds\": [{\"type\": \"vless\", \"uuid\": topsecret}]}|t:1:42: expected JSON, got: a word without quotes in"
                        + " place of (JSON String, Number, Array, Object or token 'null', 'true' or 'false')",
            })
    void whatIsNoneIsAnErrorWithLineAndColumn(String text, String message) {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> read(text == null ? "" : text.translateEscapes()))
                .withMessage(message);
    }

    @Test
    void aLinkIsCalledByItsSchemeAndAFileThatMayBeOneIsNotNamed() throws Exception {
        InputStream none = InputStream.nullInputStream();

        assertThat(ConfigSource.of("vless://topsecret@h:1", none)).hasToString("vless link");
        for (String lost : List.of("topsecret@h:1?type=ws", "vles://topsecret@h:1", "trojan-go://topsecret@h")) {
            assertThatExceptionOfType(ConfigException.class)
                    .isThrownBy(() -> ConfigSource.of(lost, none))
                    .withMessageContaining("expected a file, or a link that begins vless://, trojan:// or vmess://")
                    .satisfies(e -> assertThat(e.getMessage()).doesNotContain("topsecret"));
        }
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> ConfigSource.of("missing.json", none))
                .withMessage("missing.json: expected a readable file, got: no such file");
        assertThatExceptionOfType(ConfigException.class).isThrownBy(() -> ConfigSource.of("a\0b", none));
    }

    @Test
    void standardInputIsReadForADashUpToTenMegabytesOfUtf8() throws Exception {
        assertThat(ConfigSource.of("-", stream("{}")).text()).isEqualTo("{}");
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> ConfigSource.of("-", stream(" ".repeat(10_000_001))))
                .withMessage("stdin: expected at most 10 MB, got more");
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> ConfigSource.of("-", new ByteArrayInputStream(new byte[] {'\n', (byte) 0xff})))
                .withMessage("stdin:2:1: expected UTF-8 text, got bytes of another encoding");
    }

    @Test
    void aFileOfTenMegabytesIsReadInEveryDialect() throws Exception {
        String filler = "x".repeat(9_900_000);
        for (String text : List.of(
                "{\"type\": \"ws\", \"path\": \"/" + filler + "\"}",
                "{\"path\": \"/" + filler + "\"}",
                "network: ws\nws-opts:\n  path: /" + filler,
                "vless://u@h:1?type=ws&path=/" + filler)) {
            Path file = Files.writeString(folder.resolve("big"), text);
            ConfigSource source = ConfigSource.of(file.toString(), InputStream.nullInputStream());
            assertThat(Dialects.read(source, Optional.empty(), Optional.empty(), TunnelEnd.CLIENT)
                            .tunnel()
                            .transport()
                            .path())
                    .hasSize(9_900_001);
        }
    }

    @Test
    void messagesAreShortWhateverTheTextHolds() {
        String filler = "x".repeat(1_000_000);
        for (String text : List.of(
                "{\"path\": \"#" + filler + "\"}",
                "{\"" + filler + "\": 1, \"path\": \"\"}",
                "{\"path\": \"/\", \"headers\": {\" " + filler + "\": \"\"}}",
                "{\"type\": \"" + filler + "\"}",
                "network: " + filler,
                "vless://u@" + filler + ":1?type=ws",
                "vless://u@h:1?type=ws&path=%23" + filler,
                "vless://u@h:1?type=" + filler,
                "vless://u@h:" + filler + "?type=ws",
                "vless://u@h:1?type=ws&" + filler + "=%")) {
            assertThatExceptionOfType(ConfigException.class)
                    .isThrownBy(() -> read(text))
                    .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(500));
        }
    }

    @Test
    void whatADialectCannotExpressIsNamed() {
        TunnelConfig tunnel = new TunnelConfig(
                "",
                WebSocketTransportOptions.builder()
                        .path("/a?b&ed=3")
                        .header("Host", List.of("h", "i"))
                        .header("X", List.of("1", "2"))
                        .header("Y", List.of())
                        .maxEarlyData(5)
                        .pingInterval(Duration.ofMillis(1_500))
                        .halfClose(false)
                        .build(),
                Optional.of(new HostAndPort("h", 1)),
                Optional.empty(),
                Optional.of(ACCOUNT),
                Optional.empty(),
                Set.of("ping_interval", "half_close"));

        assertThat(lost(tunnel, Dialect.SING_BOX)).containsExactly("half_close", "ping_interval", "path");
        assertThat(lost(tunnel, Dialect.XRAY))
                .containsExactly(
                        "path",
                        "headers.Host",
                        "headers.X",
                        "headers.Y",
                        "maxEarlyData",
                        "heartbeatPeriod",
                        "half_close");
        assertThat(lost(tunnel, Dialect.CLASH))
                .containsExactly("path", "headers.Host", "headers.X", "headers.Y", "half_close", "ping_interval");
        assertThat(lost(tunnel, Dialect.LINK))
                .containsExactlyInAnyOrder(
                        "headers.X",
                        "headers.X",
                        "headers.Y",
                        "half_close",
                        "ping_interval",
                        "headers.Host",
                        "max_early_data",
                        "path");
    }

    @Test
    void aLinkNeedsAServerAndAnAccount() {
        TunnelConfig bare = new TunnelConfig(
                "",
                WebSocketTransportOptions.defaults(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Set.of());

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Dialects.print(bare, Dialect.LINK, false))
                .withMessage("expected a server and an account, which every link has, got no server");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Dialects.print(bare.withServer(new HostAndPort("h", 1)), Dialect.LINK, false))
                .withMessageEndingWith("got no account");
    }

    @Test
    void noTextButThePrintedOneShowsCredentials() throws Exception {
        ConfigReading reading = read("vless://topsecret@h:1?type=ws");
        ConfigPrint print = Dialects.print(reading.tunnel(), Dialect.LINK, false);

        assertThat(print.text()).contains("topsecret");
        assertThat(List.of(reading.toString(), reading.tunnel().toString(), ACCOUNT.toString(), print.toString()))
                .allSatisfy(text -> assertThat(text).doesNotContain("topsecret"));
    }

    @Test
    void asciiIsAllThatIsPrintedWhereAskedFor() throws Exception {
        TunnelConfig tunnel = read("vless://u@h:1?type=ws#%C3%A4%F0%9F%98%80").tunnel();
        for (Dialect dialect : Dialect.values()) {
            assertThat(Dialects.print(tunnel, dialect, true).text()).isASCII().endsWith("\n");
        }
        assertThat(Dialects.print(tunnel, Dialect.XRAY, false).text()).contains("\"ä😀\"");
        assertThat(Dialects.print(tunnel, Dialect.CLASH, false).text()).contains("\"ä😀\"");
    }

    @Test
    void wordsThatOlderYamlTakesForSomethingElseArePrintedInQuotes() throws Exception {
        for (String word : List.of("no", "Off", "null", "1", "1:30", "0x1", "~", "- a", "a: b", "2001-01-01", " a")) {
            TunnelConfig tunnel = read("vless://u@h:1?type=ws").tunnel().withName(word);
            assertThat(Dialects.print(tunnel, Dialect.CLASH, false).text()).contains("- name: \"" + word + "\"");
        }
        assertThat(Dialects.print(read("vless://u@h:1?type=ws#a-b").tunnel(), Dialect.CLASH, false)
                        .text())
                .contains("- name: a-b\n");
    }

    @Test
    void damagedTextNeverThrowsAnythingButConfigException() throws Exception {
        Random random = new Random(5);
        TunnelConfig tunnel = read("vless://topsecret@192.0.2.1:443?type=ws&security=tls&sni=s&host=h&alpn=h2&fp=chrome"
                        + "&path=%2Fa%3Fb%3Dc%26ed%3D5#name")
                .tunnel();
        for (Account.Protocol protocol : Account.Protocol.values()) {
            for (Dialect dialect : Dialect.values()) {
                String text = Dialects.print(tunnel.withAccount(Account.of(protocol, "topsecret")), dialect, false)
                        .text();
                for (int round = 0; round < 1_500; round++) {
                    assertReadOrRefused(damaged(text, random), TunnelEnd.values()[round % 2]);
                }
            }
        }
    }

    private static String damaged(String valid, Random random) {
        StringBuilder text = new StringBuilder(valid);
        for (int damage = random.nextInt(3); damage >= 0; damage--) {
            int at = random.nextInt(text.length());
            switch (random.nextInt(4)) {
                case 0 -> text.deleteCharAt(at);
                case 1 -> text.setCharAt(at, (char) random.nextInt(0x100));
                case 2 -> text.replace(at, Math.min(text.length(), at + random.nextInt(9)), "null");
                default -> text.insert(at, "{}[]\",:\\0/#%&*=?@\n ".charAt(random.nextInt(19)));
            }
        }
        return text.toString();
    }

    private static void assertReadOrRefused(String text, TunnelEnd side) {
        try {
            Dialects.read(ConfigSource.ofText("t", text), Optional.empty(), Optional.empty(), side);
        } catch (ConfigException e) {
            assertThat(e.getMessage()).startsWith("t").doesNotContain("\n");
        }
    }

    private static List<String> lost(TunnelConfig tunnel, Dialect dialect) {
        return Dialects.print(tunnel, dialect, false).lost().stream()
                .map(line -> line.substring(0, line.indexOf(':')).replaceFirst(" .*", ""))
                .toList();
    }

    private static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    private static ConfigReading read(String text) throws ConfigException {
        return Dialects.read(ConfigSource.ofText("t", text), Optional.empty(), Optional.empty(), TunnelEnd.CLIENT);
    }
}
