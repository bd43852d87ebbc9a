package io.v2ws.internal.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.v2ws.testing.TestCertificates;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CertificateFilesTest {
    private static final TestCertificates CERTIFICATES = TestCertificates.get();
    private static final char[] PASSWORD = TestCertificates.PASSWORD.toCharArray();

    @TempDir
    private Path folder;

    private static X509Certificate authority() throws IOException {
        return PemFiles.certificates(CERTIFICATES.caPem()).get(0);
    }

    @Test
    void pemIsReadWithOrWithoutAPassword() throws Exception {
        assertThat(CertificateFiles.authorities(CERTIFICATES.caPem(), null)).containsExactly(authority());
        assertThat(CertificateFiles.authorities(CERTIFICATES.caPem(), PASSWORD)).containsExactly(authority());
    }

    @Test
    void derIsRead() throws Exception {
        Path der = Files.write(folder.resolve("ca.crt"), authority().getEncoded());
        assertThat(CertificateFiles.authorities(der, null)).containsExactly(authority());
    }

    @ParameterizedTest
    @ValueSource(strings = {"PKCS12", "JKS"})
    void trustedCertificatesOfAKeyStoreAreRead(String type) throws Exception {
        Path file = folder.resolve("ca.store");
        KeyStore store = KeyStore.getInstance(type);
        store.load(null, null);
        store.setCertificateEntry("ca", authority());
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, PASSWORD);
        }
        assertThat(CertificateFiles.authorities(file, PASSWORD)).containsExactly(authority());
        assertThatThrownBy(() -> CertificateFiles.authorities(file, "wrong secret".toCharArray()))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(file + ": expected PEM, DER or a key store (PKCS #12) and its right password")
                .satisfies(x -> assertThat(x.getMessage()).doesNotContain("wrong secret"));
    }

    @Test
    void aKeyStoreWithoutAnAuthorityToTrustIsAnError() {
        Path keys = CERTIFICATES.client().keyStore();
        assertThatThrownBy(() -> CertificateFiles.authorities(keys, PASSWORD))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(keys + ": expected trusted certificates");
        assertThatThrownBy(() -> CertificateFiles.authorities(keys, null)).isInstanceOf(IOException.class);
    }

    @Test
    void aKeyStoreIsAnIdentityIfItHasAKey() throws Exception {
        assertThat(CertificateFiles.identity(CERTIFICATES.client().keyStore(), PASSWORD)
                        .size())
                .isPositive();
        assertThatThrownBy(() -> CertificateFiles.identity(CERTIFICATES.trustStore(), PASSWORD))
                .hasMessageEndingWith("expected a key store with a private key, got one without");
        assertThatThrownBy(() -> CertificateFiles.identity(CERTIFICATES.caPem(), PASSWORD))
                .hasMessageEndingWith("got certificates without");
    }

    @Test
    void whatIsNoCertificateIsAnErrorThatNamesTheFile() throws Exception {
        for (byte[] bytes :
                new byte[][] {{}, {0x30}, {0x30, 0x03, 1, 2, 3}, {(byte) 0xfe, (byte) 0xed, 1}, {'h', 'i'}}) {
            Path file = Files.write(folder.resolve("odd"), bytes);
            assertThatThrownBy(() -> CertificateFiles.authorities(file, null))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith(file + ": expected ");
        }
        Path missing = folder.resolve("missing");
        assertThatThrownBy(() -> CertificateFiles.authorities(missing, null))
                .hasMessage(missing + ": expected a readable file with certificates, got: no such file");
    }
}
