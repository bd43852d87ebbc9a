package io.v2ws.internal.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.v2ws.testing.TestCertificates;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CertificatePinsTest {
    private static final String A = "0f".repeat(32);
    private static final String B = "a1".repeat(32);

    @Test
    void pinsStandApartByCommasOrTildesWithOrWithoutColonsInAnyCase() {
        assertThat(CertificatePins.parse(A)).containsExactly(A);
        assertThat(CertificatePins.parse(A + "," + B)).containsExactly(A, B);
        assertThat(CertificatePins.parse(A + " ~ " + B)).containsExactly(A, B);
        assertThat(CertificatePins.parse("A1:".repeat(31) + "A1")).containsExactly(B);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",", "0f", "chrome", "sha256/47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="})
    void whatIsNoDigestIsRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CertificatePins.parse(text))
                .withMessageStartingWith("expected the SHA-256 of a certificate, 64 hexadecimal digits, got \"");
        assertThatIllegalArgumentException().isThrownBy(() -> CertificatePins.parse(A + "," + text));
    }

    @Test
    void thePinOfACertificateIsTheDigestOfItsDerForm() throws Exception {
        X509Certificate certificate = TestCertificates.get().server().certificate();
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
        assertThat(CertificatePins.of(certificate)).isEqualTo(HexFormat.of().formatHex(digest));
    }
}
