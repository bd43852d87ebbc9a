package io.v2ws.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.v2ws.testing.Bytes;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConvertCommandTest {
    private static final String LINK =
            "vless://topsecret@192.0.2.1:443?encryption=none&security=tls&sni=s.example&type=ws"
                    + "&host=h.example&path=%2Fa%3Fed%3D2048#name";

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    private int run(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
    }

    private Path file(String name, String text) throws Exception {
        return Files.writeString(folder.resolve(name), text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sing-box", "xray", "clash", "link"})
    void whatIsPrintedIsReadBackAsTheSameLink(String dialect) throws Exception {
        assertThat(run("convert", "--to", dialect, LINK)).isZero();
        assertThat(run("convert", "--to=link", file("there", out.toString()).toString()))
                .isZero();

        assertThat(out.toString().strip()).isEqualTo(LINK);
    }

    @Test
    void theTransportAloneIsPrintedWhereAskedForOrWhereThereIsNoMore() throws Exception {
        assertThat(run("convert", "--to=sing-box", "--transport-only", LINK)).isZero();
        assertThat(out.toString())
                .startsWith("{\n  \"type\": \"ws\",\n  \"path\": \"/a\",")
                .doesNotContain("topsecret");

        assertThat(run("convert", "--to=clash", file("a.json", out.toString()).toString()))
                .isZero();
        assertThat(out.toString()).isEqualTo("""
                network: ws
                ws-opts:
                  path: /a
                  headers:
                    Host: h.example
                  max-early-data: 2048
                  early-data-header-name: Sec-WebSocket-Protocol
                """);
    }

    @Test
    void aLinkIsMadeOfATransportAndWhatIsGiven() throws Exception {
        Path transport = file("t.json", "{\"type\": \"ws\", \"path\": \"/a\"}");

        assertThat(run("convert", "--to=link", transport.toString())).isEqualTo(2);
        assertThat(err.toString())
                .contains("a link needs a server (--server HOST:PORT, with TLS --tls) and an account (--vless UUID");
        assertThat(run(
                        "convert",
                        "--to=link",
                        "--server=192.0.2.1:443",
                        "--server-name=s.example",
                        "--name=n",
                        "--trojan=p w",
                        transport.toString()))
                .isZero();
        assertThat(out.toString().strip())
                .isEqualTo(
                        "trojan://p%20w@192.0.2.1:443?security=tls&sni=s.example&type=ws&host=s.example&path=%2Fa#n");
    }

    @Test
    void anInboundAndTheAddressOfItsServerMakeALinkForItsOnlyUser() throws Exception {
        Path inbound = file("s.json", """
                {"inbounds": [{"type": "vless", "tag": "in", "listen": "::", "listen_port": 443,
                  "users": [{"uuid": "topsecret"}], "tls": {"enabled": true, "certificate_path": "c"},
                  "transport": {"type": "ws", "path": "/a"}}]}""");

        assertThat(run("convert", "--to=link", "--server=s.example:443", inbound.toString()))
                .isZero();
        assertThat(out.toString().strip())
                .isEqualTo("vless://topsecret@s.example:443?encryption=none&security=tls&type=ws&path=%2Fa#in");
    }

    @Test
    void anErrorIsOneLineWithPlaceAndKeyAndNothingIsPrinted() throws Exception {
        Path file = file("x.json", "{\"network\": \"ws\",\n \"wsSettings\": {\"pth\": \"/\"}}");

        assertThat(run("convert", "--to=clash", file.toString())).isEqualTo(2);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString().strip())
                .isEqualTo("v2ws: " + file
                        + ":2:17: wsSettings.pth: expected a known key, got an unknown one; did you mean"
                        + " \"path\"?");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "US-ASCII"})
    void standardInputIsReadAndWhatIsLostIsSaidOnStandardErrorInEveryLocale(String charset) throws Exception {
        try (CliProcess convert = CliProcess.start("-Dfile.encoding=" + charset, "convert", "--to=sing-box", "-")) {
            try (OutputStream in = convert.stdin()) {
                in.write(Bytes.utf8(
                        "proxies:\n- {name: ä, type: trojan, server: h, port: 1, password: topsecret, network: ws,\n"
                                + "   udp: true, smux: {enabled: true}, ws-opts: {path: /a?b=c}}\n"));
            }
            String printed = convert.stdoutText();
            assertThat(convert.exitCode()).isZero();
            assertThat(printed).contains(charset.equals("UTF-8") ? "\"tag\": \"ä\"" : "\"tag\": \"\\u00E4\"");
            assertThat(convert.stderr())
                    .contains("v2ws: warning: stdin:3:15: proxies[0].smux: not taken over")
                    .contains("v2ws: warning: path: sing-box sends its ? as %3F")
                    .doesNotContain("topsecret");
        }
    }
}
