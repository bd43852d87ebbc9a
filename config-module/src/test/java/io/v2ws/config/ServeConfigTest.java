package io.v2ws.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.v2ws.HostAndPort;
import io.v2ws.tcp.TcpKeepAlive;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServeConfigTest {
    private static final String TRANSPORT = "\"transport\": {\"type\": \"ws\", \"path\": \"/a\"}";

    @TempDir
    Path folder;

    @Test
    void aTransportMayBeAnInboundOfAnotherProgram() throws Exception {
        Files.writeString(folder.resolve("xray.json"), """
                {"inbounds": [{"tag": "a", "port": 443, "protocol": "vless", "streamSettings": {"network": "ws",
                  "wsSettings": {"path": "/t", "host": "h.example", "headers": {"X": "y"}}}}]}""");
        Path file = Files.writeString(
                folder.resolve("own.json"), "{\"tunnels\": [{\"transport\": \"xray.json\", \"tag\": \"a\"}]}");
        ServeConfig.Tunnel tunnel = ServeConfig.read(file).tunnels().get(0);

        assertThat(tunnel.transport().path()).isEqualTo("/t");
        assertThat(tunnel.transport().earlyDataHeaderName()).isEqualTo("Sec-WebSocket-Protocol");
        assertThat(tunnel.transport().headers()).isEmpty();
        assertThat(tunnel.hosts()).containsExactly("h.example");
        assertThat(tunnel.warnings()).singleElement().asString().contains("headers.X: not used");
    }

    @Test
    void aFileWithSeveralTunnelsIsRead() throws Exception {
        ServeConfig config = read("""
                {"listen": "[::1]:0", "tls_cert": "cert.pem", "tls_key": "/etc/key.pem",
                 "tunnels": [
                   {"forward": "127.0.0.1:22", "transport": {"type": "ws", "path": "/ssh"},
                    "hosts": ["a.example", "b.example"], "trusted_proxies": ["10.0.0.0/8", "::1", "127.0.0.1"]},
                   {"forward": null, "transport": {"type": "ws", "path": "/echo"}, "hosts": "c.example"}]}""");

        assertThat(config.listen()).contains(new HostAndPort("::1", 0));
        assertThat(config.tlsCert()).contains(folder.resolve("cert.pem"));
        assertThat(config.tlsKey()).contains(Path.of("/etc/key.pem"));
        assertThat(config.tunnels()).hasSize(2);
        ServeConfig.Tunnel ssh = config.tunnels().get(0);
        assertThat(ssh.forward()).contains(new HostAndPort("127.0.0.1", 22));
        assertThat(ssh.transport().path()).isEqualTo("/ssh");
        assertThat(ssh.hosts()).containsExactly("a.example", "b.example");
        assertThat(ssh.trustedProxies()).containsExactly("10.0.0.0/8", "0:0:0:0:0:0:0:1/128", "127.0.0.1/32");
        assertThat(config.tunnels().get(1).forward()).isEmpty();
        assertThat(config.tunnels().get(1).hosts()).containsExactly("c.example");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "\"tcp_keepalive_idle\": \"30s\", \"tcp_keepalive_interval\": \"5s\", \"tcp_keepalive_count\": 2|30s,5s,2",
                "\"tcp_keepalive_idle\": \"1m30s\"|90s,15s,4",
                "\"tcp_keepalive_interval\": \"1s\"|60s,1s,4",
                "\"tcp_keepalive_count\": 127|60s,15s,127",
                "\"tcp_keepalive_idle\": \"0s\"|off"
            })
    void tcpKeepaliveIsReadAndMissingKeysHaveTheirDefaults(String members, String expected) throws Exception {
        assertThat(read("{" + members + ", " + TRANSPORT + "}").tcpKeepAlive()).contains(TcpKeepAlive.parse(expected));
    }

    @Test
    void aFileWithoutTheKeysSaysNothingOfTcpKeepalive() throws Exception {
        assertThat(read("{" + TRANSPORT + "}").tcpKeepAlive()).isEmpty();
    }

    @Test
    void aSingleTunnelMayStandAtTheTopAndAllButItsTransportBeAbsent() throws Exception {
        ServeConfig config = read("{" + TRANSPORT + "}");

        assertThat(config.listen()).isEmpty();
        assertThat(config.tlsCert()).isEmpty();
        assertThat(config.tunnels()).singleElement().satisfies(tunnel -> {
            assertThat(tunnel.forward()).isEqualTo(Optional.empty());
            assertThat(tunnel.hosts()).isEmpty();
            assertThat(tunnel.trustedProxies()).isEmpty();
        });
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "\"listen\": \"127.0.0.1\"|listen",
                "\"listen\": \"127.0.0.1:65536\"|listen",
                "\"listen\": 8080|listen",
                "\"forward\": \"127.0.0.1:0\"|forward",
                "\"forward\": \"127.0.0.1:x\"|forward",
                "\"tls_cert\": \"a.pem\"|tls_cert",
                "\"tls_key\": \"a.pem\"|tls_key",
                "\"tls_cert\": \"\", \"tls_key\": \"b\"|tls_cert",
                "\"tls_cert\": \"a\\u0000\", \"tls_key\": \"b\"|tls_cert",
                "\"hosts\": [\"\"]|hosts[0]",
                "\"hosts\": \"http://a\"|hosts",
                "\"hosts\": [1]|hosts[0]",
                "\"hosts\": {}|hosts",
                "\"tunnels\": []|transport",
                "\"tunels\": []|tunels",
                "\"tcp_keepalive_idle\": \"500ms\"|tcp_keepalive_idle",
                "\"tcp_keepalive_idle\": 60|tcp_keepalive_idle",
                "\"tcp_keepalive_interval\": \"0s\"|tcp_keepalive_interval",
                "\"tcp_keepalive_count\": 0|tcp_keepalive_count",
                "\"tcp_keepalive_count\": 128|tcp_keepalive_count",
            })
    void aWrongValueIsAnErrorThatNamesItsKey(String member, String key) throws Exception {
        ConfigException error = error("{\n" + member + ", " + TRANSPORT + "}");

        assertThat(error.key()).isEqualTo(key);
        assertThat(error).hasMessageStartingWith(folder.resolve("serve.json") + ":2:");
        assertThat(error).hasMessageContaining(": " + key + ": expected ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.0.0/33",
                "::1/129",
                "10.0.0",
                "10.0.0.256",
                "010.0.0.1",
                "example.org",
                "10.0.0.0/",
                "/8",
                "::g",
                "1:2:3",
                "fe80::1%eth0",
                "10.0.0.0/8/8",
                "10.0.0.0/-1",
                "",
                " "
            })
    void trustedProxiesMustBeNetworks(String text) throws Exception {
        ConfigException error = error("{" + TRANSPORT + ", \"trusted_proxies\": [\"::/0\", \"" + text + "\"]}");

        assertThat(error.key()).isEqualTo("trusted_proxies[1]");
        assertThat(error).hasMessageEndingWith(", got \"" + text + "\"");
    }

    @Test
    void bothFormsAtOnceAreAnErrorThatNamesTheKey() throws Exception {
        ConfigException error = error("{\"tunnels\": [{" + TRANSPORT + "}],\n \"forward\": \"a:1\"}");

        assertThat(error.key()).isEqualTo("forward");
        assertThat(error.line()).isEqualTo(2);
        assertThat(error).hasMessageEndingWith("expected inside \"tunnels\", got it beside \"tunnels\"");
    }

    @Test
    void aTunnelNeedsATransport() throws Exception {
        assertThat(error("{}").getMessage())
                .contains(":1:1: transport: expected a transport")
                .endsWith("got nothing");
        assertThat(error("{\"tunnels\": [{}]}").key()).isEqualTo("tunnels[0].transport");
        assertThat(error("{\"tunnels\": []}").key()).isEqualTo("tunnels");
        assertThat(error("{\"tunnels\": {}}").key()).isEqualTo("tunnels");
    }

    @Test
    void errorsInsideATransportNameTheWholePath() throws Exception {
        String bad = "{\"transport\": {\"type\": \"ws\", \"path\": \"/b\", \"max_early_data\": -1}}";

        assertThat(error("{\"tunnels\": [{" + TRANSPORT + "}, " + bad + "]}").key())
                .isEqualTo("tunnels[1].transport.max_early_data");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "|",
                "\"hosts\": \"x\",|",
                "\"hosts\": [\"x\", \"Y\"],|\"hosts\": [\"y\", \"z\"],",
            })
    void twoTunnelsOfOnePathAndHostAreAnError(String first, String second) throws Exception {
        ConfigException error = error(twoTunnels(first, second));

        assertThat(error.key()).isEqualTo("tunnels[1].transport");
        assertThat(error).hasMessageEndingWith("than those of tunnels[0], got \"/a\" again");
    }

    @Test
    void twoTunnelsOfOnePathMayAnswerToDifferentHosts() throws Exception {
        assertThat(read(twoTunnels("\"hosts\": \"x\",", "\"hosts\": \"y\",")).tunnels())
                .hasSize(2);
    }

    private static String twoTunnels(String first, String second) {
        String one = first == null ? "" : first;
        String two = second == null ? "" : second;
        return "{\"tunnels\": [{" + one + TRANSPORT + "}, {" + two + TRANSPORT + "}]}";
    }

    private ServeConfig read(String json) throws IOException, ConfigException {
        return ServeConfig.read(Files.writeString(folder.resolve("serve.json"), json));
    }

    private ConfigException error(String json) throws IOException {
        Path file = Files.writeString(folder.resolve("serve.json"), json);
        ConfigException error = catchThrowableOfType(ConfigException.class, () -> ServeConfig.read(file));
        assertThat(error).isNotNull();
        return error;
    }

    @Test
    void siteIsAFolderOrAWebServer() throws Exception {
        ServeConfig config = read("{\"site\": \"www\", \"health_path\": \"/-/health\", " + TRANSPORT + "}");
        assertThat(config.site().orElseThrow().folder()).contains(folder.resolve("www"));
        assertThat(config.site().orElseThrow().server()).isEmpty();
        assertThat(config.healthPath()).contains("/-/health");
        SiteAddress web = read("{\"site\": \"https://web.example:8443/a\", " + TRANSPORT + "}")
                .site()
                .orElseThrow();
        assertThat(web.folder()).isEmpty();
        assertThat(web.server()).contains(java.net.URI.create("https://web.example:8443/a"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp://a", "http://", "http://u:p@a", "http://a?b", "http://a#b", "http://a b", "://"})
    void siteThatIsNeitherIsRefusedWithItsPlace(String text) {
        ConfigException refused = catchThrowableOfType(
                ConfigException.class, () -> read("{\"site\": \"" + text + "\", " + TRANSPORT + "}"));
        assertThat(refused).hasMessageContainingAll(":1:", "site: expected a folder, or a URL of scheme");
    }
}
