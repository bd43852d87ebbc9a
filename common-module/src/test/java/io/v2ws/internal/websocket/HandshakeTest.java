package io.v2ws.internal.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.v2ws.testing.RawHandshake;
import java.util.Base64;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HandshakeTest {
    @Test
    void theAcceptValueIsThatOfTheExampleInRfc6455() {
        assertThat(Handshake.acceptFor("dGhlIHNhbXBsZSBub25jZQ==")).isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void everyKeyIsSixteenBytesAndANewOne(boolean halfClose) {
        Set<String> keys = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            String key = Handshake.newKey(halfClose);
            assertThat(Base64.getDecoder().decode(key)).hasSize(16);
            assertThat(keys.add(key)).isTrue();
        }
    }

    @Test
    void f9_aKeyTellsWhetherItAnnouncesHalfClose() {
        assertThat(Handshake.announcesHalfClose(Handshake.newKey(true))).isTrue();
        assertThat(Handshake.announcesHalfClose(Handshake.newKey(false))).isFalse();
        assertThat(RawHandshake.announcesHalfClose(Handshake.newKey(true))).isTrue();
        assertThat(Handshake.announcesHalfClose(
                        RawHandshake.to("/").halfCloseKey().key()))
                .isTrue();
    }

    /** So that no later version of this program takes what an earlier one sent for something else. */
    @Test
    void f9_theMarkOfAKeyStaysWhatItIs() {
        assertThat(Handshake.announcesHalfClose("AAECAwQFBgcqhPcuYzicpA==")).isTrue();
    }

    @Test
    void f9_everyChangedBitOfAKeyTakesTheAnnouncementAway() {
        byte[] key = Base64.getDecoder().decode(Handshake.newKey(true));
        for (int bit = 0; bit < 128; bit++) {
            byte[] other = key.clone();
            other[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(Handshake.announcesHalfClose(Base64.getEncoder().encodeToString(other)))
                    .isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "A", "AAAA", "not base64!", "AAAAAAAAAAAAAAAAAAAAAAAA"})
    void f9_whatIsNoKeyAnnouncesNothing(String text) {
        assertThat(Handshake.announcesHalfClose(text)).isFalse();
    }

    @Test
    void s19_aKeyTellsThatTheClientIsV2wsWithHalfCloseOrWithout() {
        assertThat(Handshake.isKeyOfV2ws(Handshake.newKey(true))).isTrue();
        assertThat(Handshake.isKeyOfV2ws(Handshake.newKey(false))).isTrue();
        assertThat(Handshake.isKeyOfV2ws(
                        RawHandshake.to("/").keyWithoutHalfClose().key()))
                .isTrue();
        assertThat(Handshake.isKeyOfV2ws(RawHandshake.to("/").key())).isFalse();
        assertThat(Handshake.isKeyOfV2ws("not base64!")).isFalse();
    }
}
