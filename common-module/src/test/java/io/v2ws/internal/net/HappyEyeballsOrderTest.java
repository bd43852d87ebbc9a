package io.v2ws.internal.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Closeable;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HappyEyeballsOrderTest {
    private static List<InetSocketAddress> addresses(String... literals) {
        return Arrays.stream(literals)
                .map(literal -> new InetSocketAddress(IpLiteral.parse(literal), 80))
                .toList();
    }

    @Test
    void familiesTakeTurnsBeginningWithTheFirst() {
        assertThat(HappyEyeballs.interleaved(addresses("::1", "::2", "::3", "127.0.0.1")))
                .isEqualTo(addresses("::1", "127.0.0.1", "::2", "::3"));
        assertThat(HappyEyeballs.interleaved(addresses("127.0.0.1", "127.0.0.2", "::1", "::2")))
                .isEqualTo(addresses("127.0.0.1", "::1", "127.0.0.2", "::2"));
    }

    /** As when the process has no descriptors left. */
    @Test
    void aConnectThatFailsAtOnceFailsTheRaceWithItsReason() {
        CompletableFuture<Void> result = new CompletableFuture<>();
        HappyEyeballs eyeballs = new HappyEyeballs(new AddressResolver(), null, addresses -> addresses);
        eyeballs.connect("127.0.0.1", 80, "ws://127.0.0.1:80", new AddressRace.Dialler() {
            @Override
            public Closeable dial(InetSocketAddress address, AddressRace.Attempt attempt) throws IOException {
                throw new SocketException("Too many open files");
            }

            @Override
            public void failed(IOException failure) {
                result.completeExceptionally(failure);
            }
        });
        assertThat(result)
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withCauseExactlyInstanceOf(ConnectException.class)
                .withMessageEndingWith("cannot connect to ws://127.0.0.1:80: Too many open files");
    }

    @Test
    void aNameWithHundredsOfAddressesIsTriedAtSome() {
        List<InetSocketAddress> tried = new ArrayList<>();
        InetAddress[] hundreds = IntStream.range(0, 300)
                .mapToObj(i -> IpLiteral.parse("10.0." + i / 256 + "." + i % 256))
                .toArray(InetAddress[]::new);
        CompletableFuture<Void> result = new CompletableFuture<>();
        new HappyEyeballs(new AddressResolver(name -> hundreds), null, addresses -> addresses)
                .connect("many.test", 80, "many.test:80", new AddressRace.Dialler() {
                    @Override
                    public Closeable dial(InetSocketAddress address, AddressRace.Attempt attempt) throws IOException {
                        tried.add(address);
                        throw new ConnectException("Connection refused");
                    }

                    @Override
                    public void failed(IOException failure) {
                        result.completeExceptionally(failure);
                    }
                });
        assertThat(result).failsWithin(Duration.ofSeconds(10));
        assertThat(tried).hasSize(HappyEyeballs.MOST_ADDRESSES);
    }

    @Test
    void theWinnerIsForgottenAfterTenMinutes() {
        AtomicLong clock = new AtomicLong();
        KnownWinners winners = new KnownWinners(clock::get);
        InetAddress second = IpLiteral.parse("127.0.0.1");
        List<InetSocketAddress> found = addresses("::1", "127.0.0.1", "::2");
        winners.won("host", second);
        clock.set(Duration.ofMinutes(10).toNanos());
        assertThat(winners.first("host", found)).isEqualTo(addresses("127.0.0.1", "::1", "::2"));
        assertThat(winners.first("another", found)).isEqualTo(found);
        clock.set(Duration.ofMinutes(10).toNanos() + 1);
        assertThat(winners.first("host", found)).isEqualTo(found);
    }
}
