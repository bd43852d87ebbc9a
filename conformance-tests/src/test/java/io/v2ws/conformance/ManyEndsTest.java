package io.v2ws.conformance;

import static io.v2ws.conformance.StreamRules.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.v2ws.WebSocketEngine;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.testing.FrameBytes;
import io.v2ws.testing.LeakCheck;
import io.v2ws.testing.RelayEnds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** F5 a thousand times: memory and descriptors of connections that end without a Close frame come back. */
@ExtendWith(LeakCheck.class)
@Timeout(120)
class ManyEndsTest {
    private static final int ROUNDS = 10;
    private static final int AT_ONCE = 100;

    /** More than what the JVM keeps for itself meanwhile, and much less than a thousand connections need. */
    private static final long NOISE = 4 << 20;

    /** The test waits for the resets of each round. */
    private static final WebSocketTransportOptions SHORT_DELAY =
            options().resetDelay(Duration.ofMillis(200)).build();

    private enum End {
        FIN_BETWEEN_MESSAGES,
        FIN_INSIDE_A_FRAME,
        RESET,
        VIOLATION;

        void apply(RelayEnds ends) throws Exception {
            ends.peer().sendBinary(new byte[1_000]);
            assertThat(ends.tcp().getInputStream().readNBytes(1_000)).hasSize(1_000);
            switch (this) {
                case FIN_BETWEEN_MESSAGES -> ends.peer().shutdownOutput();
                case FIN_INSIDE_A_FRAME -> {
                    ends.peer().send(ends.peer().frame(FrameBytes.BINARY).declaredLength(100));
                    ends.peer().shutdownOutput();
                }
                case RESET -> ends.peer().reset();
                case VIOLATION -> ends.peer().send(ends.peer().frame(3));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void f5_aThousandConnectionsThatEndSoLeaveNothingBehind(End end) throws Exception {
        try (Relays relays = new ServerRelays(WebSocketEngine.DIRECT, ServerTlsLayer.NONE)) {
            round(relays, end);
            long descriptors = LeakCheck.openDescriptors();
            long memory = usedMemory();
            for (int i = 0; i < ROUNDS; i++) {
                round(relays, end);
            }
            await().atMost(Duration.ofSeconds(20)).until(() -> LeakCheck.openDescriptors() <= descriptors);
            await().atMost(Duration.ofSeconds(20)).until(() -> usedMemory() < memory + NOISE);
        }
    }

    private static void round(Relays relays, End end) throws Exception {
        long before = LeakCheck.openDescriptors();
        List<RelayEnds> open = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
            open.add(relays.open(SHORT_DELAY));
        }
        for (RelayEnds ends : open) {
            end.apply(ends);
        }
        for (RelayEnds ends : open) {
            ends.close();
        }
        // One Jetty stays from the first round on.
        await().atMost(Duration.ofSeconds(20)).until(() -> LeakCheck.openDescriptors() < before + AT_ONCE);
    }

    private static long usedMemory() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
