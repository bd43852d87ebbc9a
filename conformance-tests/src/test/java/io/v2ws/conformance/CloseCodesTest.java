package io.v2ws.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.v2ws.testing.Bytes;
import io.v2ws.testing.FrameBytes;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Codes and reasons of the peer's Close frame: families 7.3 to 7.13 of the Autobahn test suite. */
@EveryEnd
class CloseCodesTest extends StreamRules {

    @ParameterizedTest
    @ValueSource(
            ints = {1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3001, 3999, 4000, 4001, 4999
            })
    void f5_autobahn7_anyOtherLegalCodeIsAnErrorThatCarriesItAndIsAnsweredWithIt(int code) throws Exception {
        Link link = open().read();
        link.peer().sendBinary((byte) 1, (byte) 2);
        link.peer().sendClose(code, "why");
        assertThat(link.peer().expectFrame(FrameBytes.CLOSE).closeCode()).isEqualTo(code);
        Throwable failure = link.reader().expectFailure();
        assertThat(codeOf(failure)).isEqualTo(code);
        assertThat(failure).isInstanceOf(IOException.class).hasMessageContaining("why");
        assertThat(link.reader().bytes()).containsExactly(1, 2);
        link.peer().close();
        assertThat(codeOf(outcome(link))).isEqualTo(code);
    }

    @ParameterizedTest
    @ValueSource(
            ints = {0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 1999, 2000, 2999, 5000, 9999, 0x7fff, 0x8000, 65_535
            })
    void f7_autobahn7_anIllegalCodeEndsWith1002(int code) throws Exception {
        for (String reason : new String[] {"", "r".repeat(123)}) {
            Link link = open().read();
            link.peer().sendBinary((byte) 1);
            link.peer().sendClose(code, reason);
            assertFailed(link, 1002, (byte) 1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 61, 121, 122, 123})
    void f5_autobahn7_aReasonOfAnyLengthIsKept(int length) throws Exception {
        for (Chop chop : new Chop[] {Chop.IN_ONE_WRITE, Chop.OCTET_BY_OCTET}) {
            String reason = "x".repeat(length);
            assertKept(chop, reason, reason);
        }
    }

    @ParameterizedTest
    @EnumSource(Chop.class)
    void f5_autobahn7_aReasonBeyondAsciiIsKeptEvenIfItsCharactersAreCut(Chop chop) throws Exception {
        String reason = "\u00e4\u20ac\ud83d\ude00".repeat(13);
        assertKept(chop, reason, reason.substring(0, 4));
    }

    private void assertKept(Chop chop, String reason, String seen) throws Exception {
        Link link = open().read();
        chop.send(link.peer(), link.peer().frame(FrameBytes.CLOSE, closeBody(4000, Bytes.utf8(reason))));
        assertThat(link.peer().expectFrame(FrameBytes.CLOSE).closeCode()).isEqualTo(4000);
        Throwable failure = link.reader().expectFailure();
        assertThat(codeOf(failure)).isEqualTo(4000);
        assertThat(failure).hasMessageContaining(seen);
    }

    @ParameterizedTest
    @ValueSource(ints = {124, 125, 1_000, 65_534})
    void f7_autobahn7_aReasonTooLongForAControlFrameEndsWith1002(int length) throws Exception {
        Link link = open().read();
        link.peer().sendBinary((byte) 1);
        link.peer().sendClose(1000, "r".repeat(length));
        assertFailed(link, 1002, (byte) 1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "80", // a continuation of nothing
                "c328", // a lead without continuation
                "6fc3", // cut behind the lead of two
                "6fe282", // cut inside three
                "6ff09f98", // cut inside four
                "c0af", // two for one
                "e080af", // three for one
                "f08080af", // four for one
                "6feda08070", // half of a surrogate pair
                "edb080", // the other half
                "f4908080", // beyond the last code point
                "f8888080af", // a lead of five
                "fe",
                "6fff"
            })
    void f7_autobahn7_aReasonThatIsNoUtf8EndsWith1007(String octets) throws Exception {
        byte[] bad = HexFormat.of().parseHex(octets);
        byte[] padded = new byte[123];
        Arrays.fill(padded, (byte) 'x');
        System.arraycopy(bad, 0, padded, padded.length - bad.length, bad.length);
        for (byte[] reason : new byte[][] {bad, padded}) {
            Link link = open().read();
            link.peer().sendBinary((byte) 1);
            link.peer().send(link.peer().frame(FrameBytes.CLOSE, closeBody(1000, reason)));
            assertFailed(link, 1007, (byte) 1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"80", "6fe282", "6ff09f98", "6feda08070"})
    void f7_autobahn7_aReasonThatIsNoUtf8IsFoundOctetByOctet(String octets) throws Exception {
        byte[] reason = HexFormat.of().parseHex(octets);
        // A rig of its own, because Jetty's parser does not give back the small buffer it collects a bad Close in.
        try (Rig rig = end.newRig();
                Link link = rig.open(options().build(), 0)) {
            link.read();
            Chop.OCTET_BY_OCTET.send(link.peer(), link.peer().frame(FrameBytes.CLOSE, closeBody(1000, reason)));
            assertFailed(link, 1007);
            eventually().until(() -> link.pool().getLeaks().size() <= (runsOnJetty() ? 1 : 0));
        }
    }

    private static byte[] closeBody(int code, byte... reason) {
        return Bytes.concat(new byte[] {(byte) (code >> 8), (byte) code}, reason);
    }
}
