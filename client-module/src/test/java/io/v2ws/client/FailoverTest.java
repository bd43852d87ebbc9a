package io.v2ws.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.v2ws.WebSocketStream;
import io.v2ws.testing.Bytes;
import io.v2ws.testing.LeakCheck;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several servers for one forwarder: C23. */
@Timeout(30)
@ExtendWith(LeakCheck.class)
class FailoverTest {
    @RegisterExtension
    final ClientFixture fixture = new ClientFixture();

    private final AtomicLong clock = new AtomicLong();
    private PeerServer first;
    private PeerServer second;

    @BeforeEach
    void startServers() throws IOException {
        first = fixture.server();
        second = fixture.server();
    }

    private Failover failover(int earlyData) throws IOException {
        var options = ClientFixture.options().maxEarlyData(earlyData).earlyDataHeaderName("X-Early");
        return new Failover(List.of(fixture.client(first, options), fixture.client(second, options)), clock::get);
    }

    private static CompletableFuture<WebSocketStream> open(Failover failover) {
        return failover.open(new ServerFirstWait(Duration.ZERO, false));
    }

    private static void refuse(PeerServer server, String status) throws IOException {
        PeerServer.Tunnel tunnel = server.acceptRequest();
        tunnel.peer().respond("HTTP/1.1 " + status + "\r\nContent-Length: 0\r\n\r\n");
    }

    /** Opens a tunnel that the first server refuses and the second accepts. */
    private void takeOver(Failover failover) throws Exception {
        CompletableFuture<WebSocketStream> opening = open(failover);
        refuse(first, "503 Down");
        second.acceptUpgrade();
        Streams.get(opening);
    }

    @Test
    void c23_aTunnelThatIsRefusedGoesToTheNextServerAndSoDoLaterOnes() throws Exception {
        Failover failover = failover(0);
        takeOver(failover);
        CompletableFuture<WebSocketStream> later = open(failover);
        second.acceptUpgrade();
        Streams.get(later);
        first.expectNoConnection();
    }

    @Test
    void c23_aMinuteAfterTheChangeOneTunnelTriesTheFirstServerAgain() throws Exception {
        Failover failover = failover(0);
        takeOver(failover);

        clock.addAndGet(Duration.ofSeconds(59).toNanos());
        CompletableFuture<WebSocketStream> early = open(failover);
        second.acceptUpgrade();
        Streams.get(early);

        clock.addAndGet(Duration.ofSeconds(1).toNanos());
        takeOver(failover);
        CompletableFuture<WebSocketStream> between = open(failover);
        second.acceptUpgrade();
        Streams.get(between);

        clock.addAndGet(Duration.ofMinutes(1).toNanos());
        CompletableFuture<WebSocketStream> back = open(failover);
        first.acceptUpgrade();
        Streams.get(back);
        CompletableFuture<WebSocketStream> next = open(failover);
        first.acceptUpgrade();
        Streams.get(next);
    }

    @Test
    void c23_whereAllServersRefuseTheTunnelFailsAndNothingChanges() throws Exception {
        Failover failover = failover(0);
        CompletableFuture<WebSocketStream> opening = open(failover);
        refuse(first, "503 Down");
        refuse(second, "404 No");
        assertThat(Streams.failureOf(opening)).hasMessageContaining("404");
        CompletableFuture<WebSocketStream> again = open(failover);
        first.acceptUpgrade();
        Streams.get(again);
    }

    @ParameterizedTest
    @ValueSource(strings = {"502 Bad Gateway", ""})
    void c23_earlyDataThatMayHaveArrivedIsNotSentToAnotherServer(String status) throws Exception {
        Failover failover = failover(100);
        WebSocketStream stream = Streams.get(open(failover));
        CompletableFuture<Void> write = Streams.startWrite(stream, Bytes.utf8("once"));
        PeerServer.Tunnel tunnel = first.acceptRequest();
        assertThat(tunnel.request().all("X-Early")).isNotEmpty();
        if (status.isEmpty()) {
            tunnel.peer().close();
        } else {
            tunnel.peer().respond("HTTP/1.1 " + status + "\r\nContent-Length: 0\r\n\r\n");
        }
        assertThat(Streams.failureOf(write)).isInstanceOf(IOException.class);
        second.expectNoConnection();

        // The next tunnel goes elsewhere.
        WebSocketStream later = Streams.get(open(failover));
        Streams.startWrite(later, Bytes.utf8("later"));
        PeerServer.Tunnel elsewhere = second.acceptUpgrade();
        assertThat(elsewhere.request().all("X-Early")).isNotEmpty();
    }

    @Test
    void c23_afterAServerThatCannotBeReachedTheSameBytesGoToTheNextOneAsAFrame() throws Exception {
        Failover failover = failover(4);
        first.close();
        WebSocketStream stream = Streams.get(open(failover));
        CompletableFuture<Void> write = Streams.startWrite(stream, Bytes.utf8("hello"));
        PeerServer.Tunnel tunnel = second.acceptUpgrade();
        assertThat(tunnel.request().all("X-Early")).isEmpty();
        assertThat(tunnel.peer().readBinary(5)).isEqualTo(Bytes.utf8("hello"));
        Streams.get(write);
        Streams.write(stream, Bytes.utf8("more"));
        assertThat(tunnel.peer().readBinary(4)).isEqualTo(Bytes.utf8("more"));
    }

    @Test
    void aTunnelThatIsCancelledGoesNowhereElse() throws Exception {
        Failover failover = failover(0);
        CompletableFuture<WebSocketStream> opening = open(failover);
        first.acceptRequest();
        opening.cancel(false);
        second.expectNoConnection();
    }
}
