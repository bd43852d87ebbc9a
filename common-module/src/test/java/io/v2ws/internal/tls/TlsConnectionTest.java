package io.v2ws.internal.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.INTEGER;

import io.v2ws.testing.Background;
import io.v2ws.testing.Bytes;
import io.v2ws.testing.LeakCheck;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS in few system calls, against the JDK's sockets. */
@Timeout(30)
@ExtendWith(LeakCheck.class)
class TlsConnectionTest {
    private static final int RECORD = 16 * 1024;

    @ParameterizedTest
    @CsvSource({"false,TLSv1.3", "false,TLSv1.2", "true,TLSv1.3", "true,TLSv1.2"})
    void severalRecordsGoOutInOneWrite(boolean conscrypt, String protocol) throws Exception {
        try (TlsRig rig = new TlsRig(conscrypt, protocol)) {
            byte[] sent = Bytes.random(1, 4 * RECORD + 14);
            // The first one tells that much is to be sent.
            for (int i = 0; i < 2; i++) {
                CompletableFuture<Void> written = rig.write(sent);
                assertThat(rig.peer.getInputStream().readNBytes(sent.length)).isEqualTo(sent);
                written.get(10, TimeUnit.SECONDS);
            }
            assertThat(rig.largestWrite.get()).isGreaterThan(4 * RECORD);
        }
    }

    @ParameterizedTest
    @CsvSource({"false,TLSv1.3", "false,TLSv1.2", "true,TLSv1.3", "true,TLSv1.2"})
    void recordsThatHaveArrivedAreReadTogether(boolean conscrypt, String protocol) throws Exception {
        try (TlsRig rig = new TlsRig(conscrypt, protocol)) {
            byte[] sent = Bytes.random(2, 20_000);
            for (int i = 0; i < sent.length; i += 100) {
                rig.peer.getOutputStream().write(sent, i, 100);
            }
            rig.reads.set(0);
            assertThat(rig.read(sent.length)).isEqualTo(sent);
            assertThat(rig.reads.get()).as("reads for 200 records").isLessThan(20);
        }
    }

    @ParameterizedTest
    @CsvSource({"false", "true"})
    void bytesArriveWholeBothWaysWhileThePeerChangesKeys(boolean conscrypt) throws Exception {
        try (TlsRig rig = new TlsRig(conscrypt, "TLSv1.3")) {
            byte[] sent = Bytes.random(3, 3_000_000);
            CompletableFuture<Void> echo = Background.run(() -> echo(rig, sent.length));
            CompletableFuture<Void> written = rig.write(sent);
            assertThat(rig.read(sent.length)).isEqualTo(sent);
            written.get(10, TimeUnit.SECONDS);
            echo.get(10, TimeUnit.SECONDS);
        }
    }

    /** After a handshake in TLS 1.3 another one is a key update, which the other side has to answer with its own. */
    private static void echo(TlsRig rig, int length) throws IOException {
        InputStream in = rig.peer.getInputStream();
        OutputStream out = rig.peer.getOutputStream();
        for (int left = length; left > 0; ) {
            byte[] part = in.readNBytes(Math.min(left, 300_000));
            rig.peer.startHandshake();
            out.write(part);
            left -= part.length;
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 1_000, 16_000})
    void f5_theSessionTicketGoesOutInOneWriteWithTheFirstData(int length) throws Exception {
        try (TlsRig rig = TlsRig.server()) {
            assertThat(send(rig, length)).hasSize(2);
            assertThat(rig.writes.size()).isEqualTo(1);
            assertThat(send(rig, length)).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {RECORD, 10 * RECORD})
    void f5_theSessionTicketIsNotTheLastRecordOfFirstDataThatFillsSeveral(int length) throws Exception {
        try (TlsRig rig = TlsRig.server()) {
            // The data is 1 + length / RECORD records, as those of the JDK are a little smaller.
            assertThat(send(rig, length))
                    .hasSize(2 + length / RECORD)
                    .element(1, INTEGER)
                    .isLessThan(RECORD / 10);
            assertThat(send(rig, 100)).hasSize(1);
        }
    }

    /** Sends so much to the peer, which reads it; returns the lengths of the records that went out meanwhile. */
    private static List<Integer> send(TlsRig rig, int length) throws Exception {
        rig.writes.clear();
        byte[] sent = Bytes.random(length, length);
        CompletableFuture<Void> written = rig.write(sent);
        assertThat(rig.peer.getInputStream().readNBytes(length)).isEqualTo(sent);
        written.get(10, TimeUnit.SECONDS);
        return recordLengths(Bytes.concat(rig.writes.toArray(byte[][]::new)));
    }

    /** The lengths of the records in these bytes, which end with one. */
    private static List<Integer> recordLengths(byte[] bytes) {
        List<Integer> lengths = new ArrayList<>();
        ByteBuffer rest = ByteBuffer.wrap(bytes);
        while (rest.hasRemaining()) {
            int length = rest.getShort(rest.position() + 3) & 0xffff;
            lengths.add(length);
            rest.position(rest.position() + 5 + length);
        }
        return lengths;
    }

    @ParameterizedTest
    @CsvSource({"false,TLSv1.3", "false,TLSv1.2", "true,TLSv1.3", "true,TLSv1.2"})
    void eitherEndComesBehindTheLastByte(boolean conscrypt, String protocol) throws Exception {
        byte[] sent = Bytes.random(4, 10 * RECORD + 1);
        try (TlsRig rig = new TlsRig(conscrypt, protocol)) {
            rig.peer.getOutputStream().write(sent);
            rig.peer.shutdownOutput();
            assertThat(rig.read(sent.length + 1)).isEqualTo(sent);
        }
        try (TlsRig rig = new TlsRig(conscrypt, protocol)) {
            CompletableFuture<Void> written = rig.write(sent);
            assertThat(rig.peer.getInputStream().readNBytes(sent.length)).isEqualTo(sent);
            written.get(10, TimeUnit.SECONDS);
            // With it come the session tickets; left unread, they would make the close a reset.
            rig.peer.getOutputStream().write(1);
            rig.read(1);
            rig.plain.close();
            assertThat(rig.peer.getInputStream().read()).isEqualTo(-1);
        }
    }

    @ParameterizedTest
    @CsvSource({"false,TLSv1.3", "false,TLSv1.2", "true,TLSv1.3", "true,TLSv1.2"})
    void aRecordThatIsNoneFailsAndHalfAOneEnds(boolean conscrypt, String protocol) throws Exception {
        byte[] record = Arrays.copyOf(new byte[] {23, 3, 3, 3, (byte) 0xE8}, 5 + 1000);
        try (TlsRig rig = new TlsRig(conscrypt, protocol)) {
            rig.raw.getOutputStream().write(record);
            assertThatThrownBy(() -> rig.read(1)).isInstanceOf(IOException.class);
        }
        try (TlsRig rig = new TlsRig(conscrypt, protocol)) {
            rig.raw.getOutputStream().write(record, 0, 100);
            rig.raw.close();
            assertThat(rig.read(1)).isEmpty();
        }
    }
}
