package io.v2ws.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.v2ws.HostAndPort;
import io.v2ws.testing.FullBacklog;
import io.v2ws.testing.LeakCheck;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Names with several addresses, of which some do not answer (RFC 8305). */
@ExtendWith(LeakCheck.class)
@Timeout(60)
class HappyEyeballsTest {
    private static final InetAddress GOOD = TcpRig.local(1);
    private static final InetAddress DEAD = TcpRig.local(2);
    private static final InetAddress DEAD_TOO = TcpRig.local(3);

    private final List<AutoCloseable> opened = new ArrayList<>();
    private TcpRig rig;
    private ServerSocket service;

    @BeforeEach
    void open() throws Exception {
        rig = new TcpRig();
        service = new ServerSocket(0, 50, GOOD);
        service.setSoTimeout(10_000);
        opened.add(service);
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
        rig.close();
    }

    private void dead(InetAddress address) throws Exception {
        opened.add(new FullBacklog(address, service.getLocalPort()));
    }

    private CompletableFuture<TcpStream> connect(Duration timeout, InetAddress... addresses) {
        rig.names.put("service.test", addresses);
        return rig.connector.connect(new HostAndPort("service.test", service.getLocalPort()), timeout);
    }

    /** Returns how many milliseconds the connect took. */
    private long connects(InetAddress... addresses) throws Exception {
        long start = System.nanoTime();
        TcpStream stream = connect(Duration.ofSeconds(30), addresses).get(20, TimeUnit.SECONDS);
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        assertThat(stream.remoteAddress().getAddress()).isEqualTo(GOOD);
        try (Socket accepted = service.accept()) {
            stream.close();
            accepted.setSoTimeout(10_000);
            assertThat(accepted.getInputStream().read()).isEqualTo(-1);
        }
        return millis;
    }

    @Test
    void anAddressThatDoesNotAnswerCostsAQuarterOfASecond() throws Exception {
        dead(DEAD);
        assertThat(connects(DEAD, GOOD)).isBetween(250L, 3_000L);
    }

    @Test
    void twoAddressesThatDoNotAnswerCostHalfASecond() throws Exception {
        dead(DEAD);
        dead(DEAD_TOO);
        assertThat(connects(DEAD, DEAD_TOO, GOOD)).isBetween(500L, 3_000L);
    }

    @Test
    void theWinnerIsTriedFirstNextTime() throws Exception {
        dead(DEAD);
        connects(DEAD, GOOD);
        for (int i = 0; i < 3; i++) {
            assertThat(connects(DEAD, GOOD)).isLessThan(250);
        }
    }

    @Test
    void anAddressThatRefusesCostsNoTime() throws Exception {
        // Nothing listens at this port of the other address.
        assertThat(connects(DEAD, GOOD)).isLessThan(250);
    }

    @Test
    void theAttemptsThatLostAreClosed() throws Exception {
        dead(DEAD);
        connects(DEAD, GOOD);
        long before = LeakCheck.openSockets();
        for (int i = 0; i < 5; i++) {
            rig.names.put("other" + i + ".test", new InetAddress[] {DEAD, GOOD});
            rig.connector
                    .connect(new HostAndPort("other" + i + ".test", service.getLocalPort()), Duration.ofSeconds(30))
                    .get(20, TimeUnit.SECONDS)
                    .close();
            service.accept().close();
        }
        await().untilAsserted(() -> assertThat(LeakCheck.openSockets()).isLessThanOrEqualTo(before));
    }

    @Test
    void theErrorNamesEveryAddressAndItsReason() throws Exception {
        dead(DEAD);
        service.close();
        assertThatThrownBy(() ->
                        connect(Duration.ofMillis(900), DEAD, GOOD, DEAD_TOO).get(20, TimeUnit.SECONDS))
                .hasCauseInstanceOf(SocketTimeoutException.class)
                .hasMessageContainingAll(
                        "service.test:" + service.getLocalPort(),
                        "900 ms",
                        "TCP",
                        "127.0.0.2 no answer",
                        "127.0.0.1 Connection refused",
                        "127.0.0.3 Connection refused");
    }

    @Test
    void ifAllRefuseTheConnectFailsAtOnce() throws Exception {
        service.close();
        assertThatThrownBy(() -> connect(Duration.ofSeconds(30), GOOD, DEAD).get(10, TimeUnit.SECONDS))
                .hasCauseInstanceOf(ConnectException.class)
                .hasMessageContainingAll("127.0.0.1 Connection refused", "127.0.0.2 Connection refused");
    }
}
