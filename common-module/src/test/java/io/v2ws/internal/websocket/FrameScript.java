package io.v2ws.internal.websocket;

import io.v2ws.WebSocketCloseException;
import io.v2ws.testing.Bytes;
import io.v2ws.testing.FrameBytes;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** What a peer sends, made up from a seed: legal frames, how it ends, and what the stream has to make of it. */
final class FrameScript {
    /** How a script ends. */
    private enum End {
        FIN,
        FIN_INSIDE_A_MESSAGE,
        CLOSE,
        CLOSE_WITHOUT_CODE,
        CLOSE_WITH_ANOTHER_CODE,
        VIOLATION
    }

    private static final int[] LENGTHS = {0, 1, 2, 7, 125, 126, 127, 128, 1_000, 65_535, 65_536, 70_000};
    private static final int[] CODES = {1001, 1002, 1003, 1007, 1011, 1012, 1014, 3000, 3999, 4000, 4999};

    private final Random random;
    private final boolean toServer;
    private final int longest;
    private final ByteArrayOutputStream wire = new ByteArrayOutputStream();
    private final ByteArrayOutputStream stream = new ByteArrayOutputStream();
    private final List<String> answers = new ArrayList<>();
    private int code = WebSocketCloseException.NO_CLOSE_FRAME;

    private FrameScript(long seed, boolean toServer, int longest) {
        this.random = new Random(seed);
        this.toServer = toServer;
        this.longest = longest;
    }

    /**
     * Makes a script.
     *
     * @param toServer whether the frames are those of a client
     * @param longest no payload is longer
     */
    static FrameScript of(long seed, boolean toServer, int longest) {
        FrameScript script = new FrameScript(seed, toServer, longest);
        int messages = script.random.nextInt(8);
        for (int i = 0; i < messages; i++) {
            script.message();
        }
        script.end(End.values()[script.random.nextInt(End.values().length)]);
        return script;
    }

    /** All bytes the peer sends. */
    byte[] wire() {
        return wire.toByteArray();
    }

    /** What has to become of them. */
    FrameWire.Result expected() {
        return new FrameWire.Result(Bytes.sha256(stream.toByteArray()), stream.size(), code, answers);
    }

    private void message() {
        boolean text = random.nextInt(4) == 0;
        int opcode = text ? FrameBytes.TEXT : FrameBytes.BINARY;
        int fragments = random.nextBoolean() ? 1 : 1 + random.nextInt(5);
        for (int i = 1; i <= fragments; i++) {
            byte[] payload = payload(LENGTHS[random.nextInt(LENGTHS.length)]);
            FrameBytes frame = frame(opcode, payload).fin(i == fragments);
            put(random.nextInt(10) == 0 ? frame.lengthBits(64) : frame);
            stream.writeBytes(text ? new byte[0] : payload);
            control();
            opcode = FrameBytes.CONTINUATION;
        }
    }

    private void control() {
        while (random.nextInt(3) == 0) {
            byte[] payload = payload(random.nextInt(126));
            boolean ping = random.nextBoolean();
            put(frame(ping ? FrameBytes.PING : FrameBytes.PONG, payload));
            if (ping) {
                answers.add(FrameWire.describe(FrameBytes.PONG, payload));
            }
        }
    }

    private void end(End end) {
        switch (end) {
            case FIN -> code = 0;
            case FIN_INSIDE_A_MESSAGE -> {
                byte[] payload = payload(random.nextInt(200));
                put(frame(FrameBytes.BINARY, payload).fin(false));
                stream.writeBytes(payload);
                // F5: it is told, but the reader hears that there was no Close frame.
                answers.add(FrameWire.describe(FrameBytes.CLOSE, closeBody(1002, 0)));
            }
            case CLOSE -> close(1000, 1000, random.nextInt(124));
            case CLOSE_WITHOUT_CODE -> {
                put(frame(FrameBytes.CLOSE));
                closed(0);
            }
            case CLOSE_WITH_ANOTHER_CODE -> {
                int other = CODES[random.nextInt(CODES.length)];
                close(other, other, random.nextInt(124));
            }
            case VIOLATION -> violation();
        }
        if (end != End.FIN && end != End.FIN_INSIDE_A_MESSAGE) {
            // Nothing behind it may count.
            put(frame(FrameBytes.PING, (byte) 1));
            put(frame(FrameBytes.BINARY, payload(random.nextInt(200))));
        }
    }

    private void close(int sent, int answer, int reasonLength) {
        put(frame(FrameBytes.CLOSE, closeBody(sent, reasonLength)));
        closed(answer);
    }

    private static byte[] closeBody(int code, int reasonLength) {
        return Bytes.concat(new byte[] {(byte) (code >> 8), (byte) code}, Bytes.utf8("r".repeat(reasonLength)));
    }

    /**
     * The peer's Close, or ours for a violation, is answered with a code; 0 is none, and like 1000 the end in order.
     */
    private void closed(int answer) {
        boolean inOrder = answer == 0 || answer == 1000;
        code = inOrder ? 0 : answer;
        byte[] body = answer == 0 ? new byte[0] : closeBody(answer, 0);
        answers.add(FrameWire.describe(FrameBytes.CLOSE, body));
    }

    private void violation() {
        byte[] payload = payload(random.nextInt(126));
        switch (random.nextInt(8)) {
            case 0 -> broken(1002, frame(FrameBytes.CONTINUATION, payload));
            case 1 -> broken(1002, frame(3 + random.nextInt(5), payload));
            case 2 -> broken(1002, frame(FrameBytes.PING, payload).rsv(1 + random.nextInt(7)));
            case 3 -> broken(1002, frame(FrameBytes.PING, new byte[126]));
            case 4 ->
                broken(
                        1002,
                        toServer
                                ? FrameBytes.binary(payload)
                                : frame(FrameBytes.BINARY).masked());
            case 5 -> broken(1002, frame(FrameBytes.CLOSE, closeBody(1005, random.nextInt(124))));
            case 6 -> broken(1007, frame(FrameBytes.CLOSE, (byte) 3, (byte) 0xe8, (byte) 0xe2, (byte) 0x82));
            default -> broken(1009, frame(FrameBytes.BINARY).declaredLength(random.nextLong() | Long.MIN_VALUE));
        }
    }

    private void broken(int answer, FrameBytes frame) {
        put(frame);
        closed(answer);
    }

    private byte[] payload(int length) {
        byte[] payload = new byte[Math.min(length, longest)];
        random.nextBytes(payload);
        return payload;
    }

    private FrameBytes frame(int opcode, byte... payload) {
        byte[] key = new byte[4];
        random.nextBytes(key);
        FrameBytes frame = FrameBytes.of(opcode, payload);
        return toServer ? frame.masked(key) : frame;
    }

    private void put(FrameBytes frame) {
        wire.writeBytes(frame.bytes());
    }
}
