package io.v2ws.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.v2ws.testing.LeakCheck;
import io.v2ws.testing.TestCertificates;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
class TlsOptionsTest {
    @Test
    void defaultsVerify() {
        TlsOptions options = TlsOptions.builder().build();
        assertThat(options.insecureSkipVerify()).isFalse();
        assertThat(options.alpn()).containsExactly("http/1.1");
        assertThat(options.serverName()).isNull();
        assertThat(options.trustStore()).isNull();
        assertThat(options.keyStore()).isNull();
    }

    @Test
    void protocolsAreCopied() {
        List<String> protocols = new ArrayList<>(List.of("http/1.1"));
        TlsOptions options = TlsOptions.builder().alpn(protocols).build();
        protocols.add("h2");
        assertThat(options.alpn()).containsExactly("http/1.1");
        assertThatThrownBy(() -> options.alpn().add("h2")).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void providerWithoutTlsIsRefused() {
        TlsOptions.Builder builder = TlsOptions.builder().provider(java.security.Security.getProvider("SUN"));
        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("provider", "SUN");
    }

    @Test
    void textDoesNotShowThePasswordOfTheKey() throws Exception {
        TestCertificates.Identity identity = TestCertificates.get().client();
        TlsOptions options = TlsOptions.builder()
                .keyStore(
                        java.security.KeyStore.getInstance(
                                identity.keyStore().toFile(), TestCertificates.PASSWORD.toCharArray()),
                        TestCertificates.PASSWORD)
                .build();
        assertThat(options.toString()).doesNotContain(TestCertificates.PASSWORD);
    }

    @Test
    void missingFilesAreNamed() {
        assertThatThrownBy(() -> TlsOptions.builder().caFile(Path.of("no-such-ca.pem")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no-such-ca.pem");
        assertThatThrownBy(() -> TlsOptions.builder()
                        .keyFiles(TestCertificates.get().client().certificatePem(), Path.of("no-such-key.pem")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no-such-key.pem");
    }

    @Test
    void clientIsNotMadeWithAPasswordThatDoesNotFit() throws Exception {
        TestCertificates.Identity identity = TestCertificates.get().client();
        TlsOptions options = TlsOptions.builder()
                .keyStore(
                        java.security.KeyStore.getInstance(
                                identity.keyStore().toFile(), TestCertificates.PASSWORD.toCharArray()),
                        "wr0ng")
                .build();
        assertThatThrownBy(() -> WebSocketTransportClient.builder("wss://h/")
                        .tls(options)
                        .build()
                        .close())
                .isInstanceOf(IOException.class)
                .satisfies(x -> assertThat(x.toString()).doesNotContain("wr0ng"));
    }

    @Test
    void nullIsRefusedNamingTheArgument() {
        assertThatThrownBy(() -> WebSocketTransportClient.builder("ws://h").tls(null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("tls");
        assertThatThrownBy(() -> WebSocketTransportClient.builder("ws://h").options(null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("options");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WebSocketTransportClient.builder("ws://h").proxy("ftp://x"));
    }
}
