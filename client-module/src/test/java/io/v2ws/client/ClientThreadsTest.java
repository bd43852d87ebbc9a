package io.v2ws.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.v2ws.WebSocketStream;
import io.v2ws.tcp.TcpConnector;
import io.v2ws.testing.LeakCheck;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** How many threads clients have. Those that wait for the network depend on the number of processors, others do not. */
@Timeout(30)
@ExtendWith(LeakCheck.class)
class ClientThreadsTest {
    private static final int CLIENTS = 5;

    /** The threads of clients, but for those that wait for the network. */
    private static long others() {
        return Thread.getAllStackTraces().entrySet().stream()
                .filter(thread -> thread.getKey().getName().startsWith("v2ws"))
                .filter(thread -> Stream.of(thread.getValue())
                        .noneMatch(call -> call.getClassName().endsWith("SelectorImpl")))
                .count();
    }

    private static WebSocketStream open(WebSocketTransportClient client, PeerServer server) throws Exception {
        var opening = client.connect();
        server.acceptUpgrade();
        return opening.get();
    }

    @Test
    void aClientWithoutATunnelHasNoThreadButThoseThatWaitForTheNetwork() throws Exception {
        try (PeerServer server = new PeerServer();
                WebSocketTransportClient client =
                        WebSocketTransportClient.builder(server.url()).build()) {
            await().until(() -> others() == 0);
            open(client, server).abort(new IllegalStateException("the test is over"));
            assertThat(others()).isPositive();
        }
    }

    @Test
    void clientsThatShareAConnectorShareItsThreads() throws Exception {
        TcpConnector connector = new TcpConnector();
        connector.start();
        try (PeerServer server = new PeerServer()) {
            List<WebSocketTransportClient> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(WebSocketTransportClient.builder(server.url())
                        .connector(connector)
                        .build());
            }
            for (WebSocketTransportClient client : clients) {
                open(client, server).abort(new IllegalStateException("the test is over"));
            }
            // One for the timers, and for the pool at most two that work at the same time.
            assertThat(others()).isLessThan(CLIENTS);
            clients.forEach(WebSocketTransportClient::close);
        } finally {
            connector.stop();
        }
    }
}
