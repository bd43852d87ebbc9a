package io.v2ws.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.v2ws.HostAndPort;
import io.v2ws.testing.LeakCheck;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import jdk.net.ExtendedSocketOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(LeakCheck.class)
@Timeout(60)
class TcpKeepAliveTest {
    private static final TcpKeepAlive OTHERS = new TcpKeepAlive(Duration.ofSeconds(77), Duration.ofSeconds(7), 3);
    private static final Set<SocketOption<?>> THREE_OPTIONS = Set.of(
            ExtendedSocketOptions.TCP_KEEPIDLE,
            ExtendedSocketOptions.TCP_KEEPINTERVAL,
            ExtendedSocketOptions.TCP_KEEPCOUNT);

    private static void assertSet(SocketChannel channel, TcpKeepAlive expected) throws Exception {
        assertThat(channel.getOption(StandardSocketOptions.SO_KEEPALIVE)).isEqualTo(!expected.isOff());
        assumeTrue(
                channel.supportedOptions().contains(ExtendedSocketOptions.TCP_KEEPIDLE),
                "this system lets nobody set the times of TCP keepalive");
        if (!expected.isOff()) {
            assertThat(channel.getOption(ExtendedSocketOptions.TCP_KEEPIDLE))
                    .isEqualTo((int) expected.idle().toSeconds());
            assertThat(channel.getOption(ExtendedSocketOptions.TCP_KEEPINTERVAL))
                    .isEqualTo((int) expected.interval().toSeconds());
            assertThat(channel.getOption(ExtendedSocketOptions.TCP_KEEPCOUNT)).isEqualTo(expected.count());
        }
    }

    /** Makes a connector and checks a connection that it makes, and one that it accepts. */
    private static void assertSetOnBothKinds(TcpConnector connector, TcpKeepAlive expected) throws Exception {
        connector.start();
        try (ServerSocket listener = new ServerSocket();
                ServerSocketChannel acceptor = ServerSocketChannel.open()) {
            listener.bind(TcpRig.loopback(0));
            HostAndPort target = HostAndPort.of((InetSocketAddress) listener.getLocalSocketAddress());
            TcpStream outgoing =
                    connector.connect(target, Duration.ofSeconds(10)).get(10, TimeUnit.SECONDS);
            assertSet(outgoing.channel(), expected);

            acceptor.bind(TcpRig.loopback(0));
            try (SocketChannel local = SocketChannel.open(acceptor.getLocalAddress())) {
                SocketChannel accepted = acceptor.accept();
                connector.accept(accepted).get(10, TimeUnit.SECONDS);
                assertSet(accepted, expected);
            }
        } finally {
            connector.stop();
        }
    }

    @Test
    void aConnectorSetsTheDefaultsOnConnectionsItMakesAndAccepts() throws Exception {
        assertSetOnBothKinds(new TcpConnector(), new TcpKeepAlive(Duration.ofSeconds(60), Duration.ofSeconds(15), 4));
    }

    @Test
    void aConnectorSetsWhatItIsGiven() throws Exception {
        assertSetOnBothKinds(new TcpConnector(OTHERS), OTHERS);
    }

    @Test
    void offLeavesKeepaliveOff() throws Exception {
        assertSetOnBothKinds(new TcpConnector(TcpKeepAlive.OFF), TcpKeepAlive.OFF);
    }

    @Test
    void offSwitchesKeepaliveOffWhereItIsOn() throws Exception {
        try (SocketChannel channel = SocketChannel.open()) {
            TcpKeepAlive.DEFAULT.applyTo(channel);
            TcpKeepAlive.OFF.applyTo(channel);
            assertThat(channel.getOption(StandardSocketOptions.SO_KEEPALIVE)).isFalse();
        }
    }

    @Test
    void theTimesAreLeftToASystemThatDoesNotOfferAllThreeOptions() throws Exception {
        try (SocketChannel channel = SocketChannel.open()) {
            Set<SocketOption<?>> offered = new HashSet<>(channel.supportedOptions());
            assumeTrue(offered.contains(ExtendedSocketOptions.TCP_KEEPIDLE));
            assertThat(KeepAliveSocketOptions.among(offered))
                    .contains(new KeepAliveSocketOptions(
                            ExtendedSocketOptions.TCP_KEEPIDLE,
                            ExtendedSocketOptions.TCP_KEEPINTERVAL,
                            ExtendedSocketOptions.TCP_KEEPCOUNT));
            for (SocketOption<?> missing : THREE_OPTIONS) {
                Set<SocketOption<?>> rest = new HashSet<>(offered);
                rest.remove(missing);
                assertThat(KeepAliveSocketOptions.among(rest)).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "60s,15s,4|60|15|4",
                "2m|120|15|4",
                "2m,1s|120|1|4",
                "1s,1s,1|1|1|1",
                "32767s,32767s,127|32767|32767|127"
            })
    void textGivesIdleIntervalAndCountOrTheirDefaults(String text, int idle, int interval, int count) {
        assertThat(TcpKeepAlive.parse(text))
                .isEqualTo(new TcpKeepAlive(Duration.ofSeconds(idle), Duration.ofSeconds(interval), count));
    }

    @ParameterizedTest
    @CsvSource({"off", "0", "0s"})
    void textSwitchesOff(String text) {
        assertThat(TcpKeepAlive.parse(text).isOff()).isTrue();
        assertThat(TcpKeepAlive.parse(text)).hasToString("off");
    }

    @Test
    void itIsShownAsItIsRead() {
        assertThat(TcpKeepAlive.DEFAULT).hasToString("60s,15s,4");
        assertThat(TcpKeepAlive.parse(OTHERS.toString())).isEqualTo(OTHERS);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "32768s|idle: expected 0s (off) or whole seconds from 1s to 32767s, got 9h6m8s",
                "500ms|idle: expected 0s (off) or whole seconds from 1s to 32767s, got 0.5s",
                "1.5s|idle: expected 0s (off) or whole seconds from 1s to 32767s, got 1.5s",
                "-1s|idle: expected 0s (off) or whole seconds from 1s to 32767s, got -1s",
                "60s,0s|interval: expected whole seconds from 1s to 32767s, got 0s",
                "60s,32768s|interval: expected whole seconds from 1s to 32767s, got 9h6m8s",
                "60s,15s,0|count: expected 1 to 127, got 0",
                "60s,15s,128|count: expected 1 to 127, got 128",
                "60s,15s,x|expected IDLE[,INTERVAL[,COUNT]] such as 60s,15s,4, or off, got \"60s,15s,x\"",
                "60s,15s,4,1|expected IDLE[,INTERVAL[,COUNT]] such as 60s,15s,4, or off, got \"60s,15s,4,1\"",
                "60|expected a unit (d, h, m, s, ms, us, ns) behind each number, such as \"60s\", got \"60\"",
                "60s,|expected a duration such as \"5s\", got \"\"",
                "on|expected a duration such as \"5s\" or \"1m30s\", got \"on\""
            })
    void whatIsOutOfRangeIsAnErrorThatSaysWhatWasExpected(String text, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TcpKeepAlive.parse(text))
                .withMessage(message);
    }
}
