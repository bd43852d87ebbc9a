package io.v2ws.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.v2ws.testing.TestCertificates;
import java.security.cert.X509Certificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CertificateNamesTest {
    @ParameterizedTest
    @CsvSource({
        "a.example, a.example, true",
        "a.example, b.example, false",
        "a.example, x.a.example, false",
        "*.a.example, x.a.example, true",
        "*.a.example, a.example, false",
        "*.a.example, x.y.a.example, false",
        "*.a.example, .a.example, false",
        "x*.a.example, xy.a.example, false",
        "*.example, a.example, false",
        "*, example, false",
    })
    void aStarStandsForOneWholeLabelBelowADomain(String pattern, String name, boolean matches) {
        assertThat(CertificateNames.isMatch(pattern, name)).isEqualTo(matches);
    }

    @Test
    void namesMatchInAnyCaseAndAddressesByTheirValue() throws Exception {
        X509Certificate certificate = TestCertificates.get().server().certificate();
        assertThat(CertificateNames.match(certificate, "LocalHost")).isTrue();
        assertThat(CertificateNames.match(certificate, "127.0.0.1")).isTrue();
        assertThat(CertificateNames.match(certificate, "0:0:0:0:0:0:0:1")).isTrue();
        assertThat(CertificateNames.match(certificate, "127.0.0.2")).isFalse();
        assertThat(CertificateNames.match(certificate, "a.example")).isFalse();
    }
}
