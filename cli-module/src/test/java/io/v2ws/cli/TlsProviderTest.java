package io.v2ws.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.v2ws.testing.Background;
import io.v2ws.testing.Bytes;
import io.v2ws.testing.EchoUpstream;
import io.v2ws.testing.TestCertificates;
import java.net.Socket;
import java.security.Security;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code --tls-provider}. */
class TlsProviderTest {
    private static final TestCertificates CERTIFICATES = TestCertificates.get();

    @ParameterizedTest
    @CsvSource({"Conscrypt,SunJSSE", "SunJSSE,Conscrypt", "conscrypt,conscrypt"})
    void bytesGoThroughBothProcessesWhoeverDoesTheTlsOfEither(String server, String client) throws Exception {
        byte[] sent = Bytes.random(5, 3_000_000);
        try (EchoUpstream upstream = EchoUpstream.echo();
                CliProcess serve = CliProcess.start(
                        "serve",
                        "--listen=127.0.0.1:0",
                        "--path=/t",
                        "--forward=127.0.0.1:" + upstream.port(),
                        "--tls-cert=" + CERTIFICATES.server().certificatePem(),
                        "--tls-key=" + CERTIFICATES.server().keyPem(),
                        "--tls-provider=" + server);
                CliProcess forward = CliProcess.start(
                        "forward",
                        "--listen=127.0.0.1:0",
                        "--tls-ca=" + CERTIFICATES.caPem(),
                        "--tls-provider=" + client,
                        "wss://localhost:" + serve.awaitPort() + "/t")) {
            int entry = forward.awaitPort();
            // The second resumes the TLS session of the first.
            for (int i = 0; i < 2; i++) {
                assertThat(echoed(entry, sent)).isEqualTo(sent);
            }
            assertThat(serve.stderr()).doesNotContain("Exception", "\tat ", "WARN");
            assertThat(forward.stderr()).doesNotContain("Exception", "\tat ", "WARN");
        }
    }

    /** The JDK's clients ask for another one first. */
    @Test
    void serverTakesTheCipherThatCostsLeast() throws Exception {
        try (CliProcess serve = CliProcess.start(
                        "serve",
                        "--listen=127.0.0.1:0",
                        "--path=/t",
                        "--tls-cert=" + CERTIFICATES.server().certificatePem(),
                        "--tls-key=" + CERTIFICATES.server().keyPem());
                SSLSocket client = (SSLSocket) CERTIFICATES
                        .trustingContext()
                        .getSocketFactory()
                        .createSocket("127.0.0.1", serve.awaitPort())) {
            assertThat(client.getEnabledCipherSuites()[0]).isEqualTo("TLS_AES_256_GCM_SHA384");
            client.setSoTimeout(10_000);
            assertThat(client.getSession().getCipherSuite()).isEqualTo("TLS_AES_128_GCM_SHA256");
        }
    }

    private static byte[] echoed(int entry, byte[] sent) throws Exception {
        try (Socket socket = new Socket("127.0.0.1", entry)) {
            socket.setSoTimeout(10_000);
            CompletableFuture<Void> written = Background.run(() -> {
                socket.getOutputStream().write(sent);
                socket.shutdownOutput();
            });
            byte[] back = socket.getInputStream().readAllBytes();
            written.get(10, TimeUnit.SECONDS);
            return back;
        }
    }

    @Test
    void providerThatIsNotThereIsAnErrorThatSaysHowToBringIt() {
        assertThatThrownBy(() -> TlsProviders.named("Nobody"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("--tls-provider", "Nobody", "-cp v2ws.jar");
    }

    @Test
    void providerThatDoesNoTlsIsAnError() {
        assertThatThrownBy(() -> TlsProviders.named("SUN"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("--tls-provider", "SUN");
    }

    @Test
    void providerIsNotInstalledForEverybodyElse() {
        assertThat(TlsProviders.named("Conscrypt").getName()).isEqualTo("Conscrypt");
        assertThat(Security.getProvider("Conscrypt")).isNull();
        assertThat(TlsProviders.named(null)).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "serve --listen=127.0.0.1:0 --path=/t --tls-provider=SunJSSE,--tls-cert",
        "forward --listen=127.0.0.1:0 --tls-provider=SunJSSE ws://localhost/t,wss://"
    })
    void providerWithoutTlsIsAMisunderstanding(String arguments, String said) throws Exception {
        try (CliProcess process = CliProcess.start(arguments.split(" "))) {
            process.awaitError(java.util.regex.Pattern.compile("--tls-provider(?: needs|: expected) .*" + said));
        }
    }
}
