package io.v2ws.internal.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.v2ws.testing.Bytes;
import io.v2ws.testing.FrameBytes;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MessageBorderTest {
    @Test
    void f5_theBorderOfTwoMessagesIsFoundWhereverTheBytesAreCut() {
        List<byte[]> frames = List.of(
                FrameBytes.binary(Bytes.random(1, 3)).bytes(),
                FrameBytes.binary(new byte[0]).bytes(),
                FrameBytes.binary(Bytes.random(2, 300)).bytes(),
                FrameBytes.of(FrameBytes.BINARY, (byte) 1).fin(false).bytes(),
                FrameBytes.of(FrameBytes.PING, (byte) 2).bytes(),
                FrameBytes.of(FrameBytes.CONTINUATION, (byte) 3).bytes());
        Set<Integer> borders = new HashSet<>(Set.of(0));
        int sum = 0;
        for (int i = 0; i < frames.size(); i++) {
            sum += frames.get(i).length;
            // The fourth frame begins a message that the sixth ends.
            if (i != 3 && i != 4) {
                borders.add(sum);
            }
        }
        byte[] wire = Bytes.concat(frames.toArray(byte[][]::new));
        for (int step : new int[] {1, 2, 7, wire.length}) {
            MessageBorder border = new MessageBorder(Role.CLIENT);
            for (int at = 0; at < wire.length; at += step) {
                assertThat(border.isHere()).as("behind %d bytes", at).isEqualTo(borders.contains(at));
                border.pass(ByteBuffer.wrap(wire, at, Math.min(step, wire.length - at)));
            }
            assertThat(border.isHere()).isTrue();
        }
    }

    @Test
    void f5_noBorderFollowsAViolation() {
        MessageBorder border = new MessageBorder(Role.SERVER);
        border.pass(ByteBuffer.wrap(FrameBytes.binary(new byte[] {1}).bytes()));
        assertThat(border.isHere()).isFalse();
    }
}
