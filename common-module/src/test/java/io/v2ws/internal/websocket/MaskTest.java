package io.v2ws.internal.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MaskTest {
    /** RFC 6455, 5.3, word for word: octet i is combined with key octet i modulo 4. */
    private static byte[] oneByOne(byte[] payload, int key, long offset) {
        byte[] out = payload.clone();
        for (int i = 0; i < out.length; i++) {
            out[i] ^= (byte) (key >>> (3 - (int) ((i + offset) % 4)) * 8);
        }
        return out;
    }

    @Test
    void everyLengthStartAndPhaseIsMaskedAsTheRfcSays() {
        Random random = new Random(1);
        for (int length = 0; length < 70; length++) {
            for (int start = 0; start < 9; start++) {
                for (long offset = 0; offset < 4; offset++) {
                    assertMasked(random, length, start, offset);
                }
            }
        }
    }

    private static void assertMasked(Random random, int length, int start, long offset) {
        byte[] payload = new byte[length];
        random.nextBytes(payload);
        int key = random.nextInt();
        for (ByteBuffer buffer : new ByteBuffer[] {ByteBuffer.allocate(96), ByteBuffer.allocateDirect(96)}) {
            for (ByteOrder order : new ByteOrder[] {ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN}) {
                buffer.clear().order(order).put(start, payload);
                buffer.put(start + length, (byte) 77);
                Mask.apply(buffer, start, start + length, key, offset);
                byte[] masked = new byte[length];
                buffer.get(start, masked);
                assertThat(masked).isEqualTo(oneByOne(payload, key, offset));
                assertThat(buffer.get(start + length)).isEqualTo((byte) 77);
                assertThat(buffer.position()).isZero();
                assertThat(buffer.order()).isEqualTo(order);
            }
        }
    }

    @Test
    void theOffsetMayBeBeyondAnInt() {
        ByteBuffer buffer = ByteBuffer.wrap(new byte[] {0, 0, 0, 0});
        Mask.apply(buffer, 0, 4, 0x01020304, (1L << 40) + 3);
        assertThat(buffer.array()).containsExactly(4, 1, 2, 3);
    }

    @Test
    void keysDoNotRepeat() {
        MaskKeys keys = new MaskKeys();
        assertThat(java.util.stream.IntStream.range(0, 1_000)
                        .map(i -> keys.next())
                        .distinct()
                        .count())
                .isGreaterThan(990);
    }
}
