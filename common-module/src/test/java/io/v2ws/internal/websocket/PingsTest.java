package io.v2ws.internal.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** F10: what a pong tells of the bytes that went out before its ping. */
class PingsTest {
    private final FakeEngine engine = new FakeEngine();
    private final Pings pings = new Pings(engine, null);

    private ByteBuffer ping(long bytesOut) {
        pings.keepAlive(bytesOut);
        ByteBuffer payload = engine.lastPing();
        engine.letGo();
        return payload;
    }

    @Test
    void f10_aPongConfirmsWhatWentOutBeforeItsPing() {
        ByteBuffer first = ping(1_000);
        ByteBuffer second = ping(5_000);
        assertThat(pings.confirmed()).isZero();
        pings.pong(first);
        assertThat(pings.confirmed()).isEqualTo(1_000);
        pings.pong(second);
        assertThat(pings.confirmed()).isEqualTo(5_000);
    }

    @Test
    void f10_aPeerThatAnswersTheNewestOfSeveralPingsAloneConfirmsAll() {
        ping(1_000);
        ping(2_000);
        pings.pong(ping(3_000));
        assertThat(pings.confirmed()).isEqualTo(3_000);
        pings.pong(ping(4_000));
        assertThat(pings.confirmed()).isEqualTo(4_000);
    }

    @Test
    void f10_aPongThatNoPingAskedForConfirmsNothing() {
        ByteBuffer sent = ping(1_000);
        pings.pong(ByteBuffer.allocate(0));
        pings.pong(ByteBuffer.allocate(4));
        pings.pong(ByteBuffer.allocate(8).putLong(0, 1_001));
        pings.pong(ByteBuffer.allocate(8).putLong(0, -1));
        assertThat(pings.confirmed()).isZero();
        pings.pong(sent);
        pings.pong(ByteBuffer.allocate(8).putLong(0, 500));
        assertThat(pings.confirmed()).isEqualTo(1_000);
    }

    @Test
    void f10_aPingThatIsStuckIsNotFollowedByAnother() {
        pings.keepAlive(1);
        pings.keepAlive(2);
        assertThat(engine.pingCount()).isEqualTo(1);
        engine.letGo();
        pings.keepAlive(3);
        assertThat(engine.pingCount()).isEqualTo(2);
    }
}
