package io.v2ws.examples.desktop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** MariaDB's driver through a tunnel. */
@Timeout(60)
class MariaDbIT {
    @AfterEach
    void noThreadIsLeftOfTheClient() {
        System.clearProperty("v2ws.client.url");
        await().until(() -> ClientThreads.count() == 0);
    }

    @Test
    void theExampleQueriesTheServerBehindTheTunnel(@TempDir Path folder) throws Exception {
        try (MariaDbServer server = MariaDbServer.start(folder);
                TunnelTo tunnel = new TunnelTo(server.port())) {
            assertThat(MariaDbExample.version(tunnel.url())).contains("MariaDB");
        }
    }
}
