package io.v2ws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.v2ws.testing.Bytes;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EarlyDataTest {

    /** RFC 4648, section 10, without the padding. */
    @ParameterizedTest
    @CsvSource({"'',''", "f,Zg", "fo,Zm8", "foo,Zm9v", "foob,Zm9vYg", "fooba,Zm9vYmE", "foobar,Zm9vYmFy"})
    void s5_vectorsOfRfc4648(String plain, String encoded) {
        assertThat(EarlyData.encode(Bytes.utf8(plain))).isEqualTo(encoded);
        assertThat(EarlyData.decode(encoded)).isEqualTo(Bytes.utf8(plain));
    }

    @Test
    void s5_theAlphabetIsTheUrlSafeOne() {
        byte[] bytes = HexFormat.of().parseHex("fbfffefb");
        assertThat(EarlyData.encode(bytes)).isEqualTo("-__--w");
        assertThat(EarlyData.decode("-__--w")).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"+//++w", "+//++w==", "-__--w==", "-/_+-w", "-/_+-w="})
    void s5_theOtherAlphabetAndPaddingAreTolerated(String text) {
        assertThat(EarlyData.decode(text)).isEqualTo(HexFormat.of().parseHex("fbfffefb"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "!",
                "Z",
                "Zm9vY",
                "Zg===",
                "===",
                "Z=g",
                "Zg=a",
                "Zm 9v",
                "Zm9v\n",
                "Zm9v,Zm9v",
                "Zm9v.",
                "%2D",
                "Zm9\u00e4",
                "\u0100mFy"
            })
    void s6_anythingElseIsRefusedWithoutQuotingIt(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EarlyData.decode(text))
                .satisfies(x -> assertThat(x.getMessage()).doesNotContain("Zm", "!", "\u00e4"))
                .withNoCause();
    }

    @Test
    void s5_paddingAloneIsNoData() {
        assertThat(EarlyData.decode("=")).isEmpty();
        assertThat(EarlyData.decode("==")).isEmpty();
    }

    @Test
    void everyLengthSurvives() {
        for (int length = 0; length <= 300; length++) {
            byte[] bytes = Bytes.random(length, length);
            String text = EarlyData.encode(bytes);
            assertThat(text).matches("[A-Za-z0-9_-]*");
            assertThat(EarlyData.decode(text)).isEqualTo(bytes);
            assertThat(EarlyData.decode(Base64.getEncoder().encodeToString(bytes)))
                    .isEqualTo(bytes);
        }
    }

    @ParameterizedTest
    @CsvSource({"0,0", "0,10", "5,0", "5,4", "5,5", "5,6", "5,2147483647"})
    void c3_aWriteIsSplitAtTheLimit(int length, int limit) {
        byte[] bytes = Bytes.random(1, length);
        ByteBuffer write = ByteBuffer.wrap(Bytes.concat(new byte[3], bytes), 3, length);
        int taken = Math.min(length, limit);
        assertThat(EarlyData.decode(EarlyData.split(write, limit))).isEqualTo(Arrays.copyOf(bytes, taken));
        byte[] rest = new byte[write.remaining()];
        write.get(rest);
        assertThat(rest).isEqualTo(Arrays.copyOfRange(bytes, taken, length));
    }

    @Test
    void c3_aDirectBufferIsSplitToo() {
        ByteBuffer write =
                ByteBuffer.allocateDirect(3).put(Bytes.utf8("foo")).flip().asReadOnlyBuffer();
        assertThat(EarlyData.split(write, 2)).isEqualTo("Zm8");
        assertThat(write.remaining()).isEqualTo(1);
    }
}
