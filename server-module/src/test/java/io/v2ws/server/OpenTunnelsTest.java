package io.v2ws.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class OpenTunnelsTest {
    @Test
    void endOfAllTunnelsWaitsForThoseThatAreAboutToOpen() {
        OpenTunnels tunnels = new OpenTunnels();
        tunnels.opening();
        CompletableFuture<Void> end = tunnels.shutdown();
        assertThat(end).isNotDone();
        tunnels.opened();
        assertThat(end).isDone();
    }
}
