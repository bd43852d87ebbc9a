package io.v2ws.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.v2ws.WebSocketEngine;
import io.v2ws.WebSocketStream;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.testing.EmbeddedJetty;
import io.v2ws.testing.LeakCheck;
import io.v2ws.testing.RawHandshake;
import io.v2ws.testing.RawWebSocketPeer;
import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.util.component.LifeCycle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a reader hears that starts to read while its server stops. */
@Timeout(30)
@ExtendWith(LeakCheck.class)
class StoppingServerTest {
    @Test
    void f5_aReaderHearsOfThreadsThatHaveStoppedByAnIoException() throws Exception {
        BlockingQueue<WebSocketStream> accepted = new LinkedBlockingQueue<>();
        WebSocketTransportOptions options =
                WebSocketTransportOptions.builder().path("/t").build();
        try (EmbeddedJetty jetty = EmbeddedJetty.builder()
                        .filter(WebSocketUpgradeFilter.builder(options, (stream, request) -> accepted.add(stream))
                                .engine(WebSocketEngine.JETTY)
                                .build())
                        .start();
                RawWebSocketPeer peer = RawWebSocketPeer.connect(jetty.port())) {
            peer.upgrade(RawHandshake.to("/t"));
            WebSocketStream stream = accepted.poll(10, TimeUnit.SECONDS);
            LifeCycle.stop(jetty.server().getThreadPool());
            assertThatThrownBy(() -> stream.asInputStream().read()).isInstanceOf(IOException.class);
            assertThat(stream.closed().get(10, TimeUnit.SECONDS).failure()).isNotNull();
        }
    }
}
