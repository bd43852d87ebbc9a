package io.v2ws.internal.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.v2ws.WebSocketTransportOptions;
import io.v2ws.internal.websocket.EarlyDataReceipt.Place;
import io.v2ws.testing.Bytes;
import io.v2ws.testing.RawHandshake;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class EarlyDataReceiptTest {
    private static final String KEY = "AAECAwQFBgcqhPcuYzicpA==";
    private static final byte[] BYTES = Bytes.utf8("hello");
    private static final byte[] NOTHING = {};

    private static WebSocketTransportOptions reads(Place place) {
        return WebSocketTransportOptions.builder()
                .maxEarlyData(place == Place.NONE ? 0 : 16)
                .earlyDataHeaderName(
                        switch (place) {
                            case NONE, PATH -> "";
                            case SUBPROTOCOL -> "sec-websocket-protocol";
                            case OTHER_HEADER -> "X-Early";
                        })
                .build();
    }

    @ParameterizedTest
    @EnumSource
    void s19_aReceiptIsReadAsItWasMade(Place place) {
        String value = EarlyDataReceipt.of(reads(place), KEY, BYTES).value();
        assertThat(value).isEqualTo(RawHandshake.earlyDataReceipt(KEY, place.ordinal(), BYTES));
        EarlyDataReceipt read = EarlyDataReceipt.read(value, KEY);
        assertThat(read.place()).isEqualTo(place);
        assertThat(read.isFor(KEY, BYTES)).isTrue();
        assertThat(read.isFor(KEY, Bytes.utf8("hellp"))).isFalse();
        assertThat(read.isFor(KEY, NOTHING)).isFalse();
        assertThat(EarlyDataReceipt.read(value, Handshake.newKey(true))).isNull();
    }

    /** So that no later version of this program takes what an earlier one sent for something else. */
    @Test
    void s19_theValueStaysWhatItIs() {
        assertThat(EarlyDataReceipt.of(reads(Place.PATH), KEY, BYTES).value())
                .isEqualTo("292f904fb1b8c0b812ee93096817faf7");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "zz",
                "00112233445566778899aabbccddeeff",
                "f058c8a5-1c2c-4b8f-9d4b-4f0a6f1f0c11",
                "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"
            })
    void s19_anIdOfSomebodyElseIsNoReceipt(String value) {
        assertThat(EarlyDataReceipt.read(value, KEY)).isNull();
    }
}
