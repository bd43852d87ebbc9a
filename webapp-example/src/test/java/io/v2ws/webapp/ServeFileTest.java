package io.v2ws.webapp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.v2ws.HostAndPort;
import io.v2ws.server.TunnelFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files of {@code serve --config}, read for the filter. */
class ServeFileTest {
    @TempDir
    private Path folder;

    private Path file(String json) throws IOException {
        return Files.writeString(folder.resolve("v2ws.json"), json);
    }

    @Test
    void filterFindsTheReader() {
        assertThat(ServiceLoader.load(TunnelFile.class)).singleElement().isInstanceOf(ServeFile.class);
    }

    @Test
    void everythingThatConcernsAFilterIsTakenOver() throws Exception {
        TunnelFile.Content content = new ServeFile().read(file("""
                {"listen": "127.0.0.1:8080", "tcp_keepalive_count": 7, "tunnels": [
                  {"forward": "127.0.0.1:22", "transport": {"type": "ws", "path": "/one", "max_early_data": 5},
                   "hosts": ["a.example"], "trusted_proxies": ["10.0.0.0/8"]},
                  {"transport": {"type": "ws", "path": "/two"}}]}
                """));
        assertThat(content.tunnels()).hasSize(2);
        TunnelFile.Tunnel one = content.tunnels().get(0);
        assertThat(one.options().path()).isEqualTo("/one");
        assertThat(one.options().maxEarlyData()).isEqualTo(5);
        assertThat(one.forward()).contains(HostAndPort.parse("127.0.0.1:22"));
        assertThat(one.hosts()).containsExactly("a.example");
        assertThat(one.trustedProxies()).containsExactly("10.0.0.0/8");
        assertThat(content.tunnels().get(1).forward()).isEmpty();
        assertThat(content.tcpKeepAlive().orElseThrow().count()).isEqualTo(7);
        assertThat(content.warnings())
                .singleElement()
                .asString()
                .contains("v2ws.json: listen has no effect here, the web server listens");
    }

    @Test
    void wrongFileIsRefusedWithItsPlace() throws Exception {
        Path file = file("{\"transport\": {\"type\": \"ws\", \"max_early_data\": \"lots\"}}");
        assertThatThrownBy(() -> new ServeFile().read(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(file + ":1:", "transport.max_early_data: expected", "lots");
    }
}
