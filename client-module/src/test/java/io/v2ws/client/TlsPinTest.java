package io.v2ws.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.v2ws.HostAndPort;
import io.v2ws.WebSocketStream;
import io.v2ws.internal.tls.CertificatePins;
import io.v2ws.testing.Background;
import io.v2ws.testing.LeakCheck;
import io.v2ws.testing.TestCertificates;
import java.io.IOException;
import java.net.Socket;
import java.security.Provider;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLHandshakeException;
import org.conscrypt.Conscrypt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which certificates a client accepts that pins one, or verifies other names than the one it asks for. */
@Timeout(30)
@ExtendWith(LeakCheck.class)
class TlsPinTest {
    private static final TestCertificates CERTIFICATES = TestCertificates.get();
    private static final String OTHER_PIN = "0f".repeat(32);

    @RegisterExtension
    final ClientFixture fixture = new ClientFixture();

    private PeerServer server;

    @BeforeEach
    void startServer() throws IOException {
        server = fixture.server();
    }

    private CompletableFuture<WebSocketStream> connect(String host, TlsOptions.Builder tls) throws IOException {
        return fixture.keep(fixture.builder("wss://" + host + ":" + server.port() + "/tunnel")
                        .dial(new HostAndPort("127.0.0.1", server.port()))
                        .tls(tls.build())
                        .build())
                .connect();
    }

    private TlsServer.Hello accepts(TestCertificates.Identity identity, String host, TlsOptions.Builder tls)
            throws Exception {
        CompletableFuture<WebSocketStream> connecting = connect(host, tls);
        TlsServer.Hello hello = new TlsServer(identity).handshake(server.acceptSocket());
        hello.peer().acceptUpgrade(PeerServer.request(hello.peer()).request(), List.of());
        assertThat(Streams.get(connecting)).isNotNull();
        return hello;
    }

    private Throwable refuses(TestCertificates.Identity identity, String host, TlsOptions.Builder tls)
            throws Exception {
        CompletableFuture<WebSocketStream> connecting = connect(host, tls);
        Socket socket = server.acceptSocket();
        Background.run(() -> {
            try (socket) {
                new TlsServer(identity).handshake(socket).peer().input().read();
            } catch (IOException refused) {
                // By the client.
            }
        });
        Throwable failure = Streams.failureOf(connecting);
        assertThat(failure).isInstanceOf(SSLHandshakeException.class);
        return failure;
    }

    private static String pin(X509Certificate certificate) throws Exception {
        return CertificatePins.of(certificate);
    }

    private static TlsOptions.Builder trusting() throws IOException {
        return TlsOptions.builder().caFile(CERTIFICATES.caPem());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aPinnedCertificateOfAnUnknownAuthorityIsAcceptedAndTheNameStillSent(boolean conscrypt) throws Exception {
        Provider provider = conscrypt ? Conscrypt.newProvider() : null;
        TlsServer.Hello hello = accepts(
                CERTIFICATES.server(),
                "localhost",
                TlsOptions.builder()
                        .pinnedCertificates(pin(CERTIFICATES.server().certificate()))
                        .provider(provider));
        assertThat(hello.serverNames()).containsExactly("localhost");
    }

    @Test
    void aPinnedCertificateIsAcceptedWhateverItsName() throws Exception {
        accepts(
                CERTIFICATES.server(),
                "tunnel.example",
                TlsOptions.builder()
                        .pinnedCertificates(pin(CERTIFICATES.server().certificate())));
    }

    @Test
    void onePinOfSeveralIsEnoughInWhateverFormItIsWritten() throws Exception {
        String withColons = pin(CERTIFICATES.server().certificate())
                .toUpperCase(Locale.ROOT)
                .replaceAll("(..)(?!$)", "$1:");
        accepts(
                CERTIFICATES.server(),
                "localhost",
                TlsOptions.builder().pinnedCertificates(OTHER_PIN + "," + withColons));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anotherCertificateIsRefusedAlthoughItsAuthorityIsTrustedAndTheMessageHasBothDigests(boolean conscrypt)
            throws Exception {
        Provider provider = conscrypt ? Conscrypt.newProvider() : null;
        Throwable failure = refuses(
                CERTIFICATES.server(),
                "localhost",
                trusting().pinnedCertificates(OTHER_PIN).provider(provider));
        assertThat(failure)
                .hasMessageContaining("expected a certificate with the pinned SHA-256 " + OTHER_PIN)
                .hasMessageContaining(
                        "got one with " + pin(CERTIFICATES.server().certificate()))
                .hasMessageContaining("if you know that the server has a new certificate, pin the new one");
    }

    @Test
    void aPinIsCheckedAlsoWhereVerificationIsSkipped() throws Exception {
        refuses(
                CERTIFICATES.server(),
                "localhost",
                TlsOptions.builder().insecureSkipVerify(true).pinnedCertificates(OTHER_PIN));
    }

    @Test
    void theCertificateOfTheAuthorityIsNoPinForTheServersOwn() throws Exception {
        X509Certificate authority;
        try (var in = java.nio.file.Files.newInputStream(CERTIFICATES.caPem())) {
            authority = (X509Certificate)
                    java.security.cert.CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
        assertThat(refuses(
                        CERTIFICATES.server(), "localhost", TlsOptions.builder().pinnedCertificates(pin(authority))))
                .hasMessageContaining("the pin is that of an authority; pin the server's own certificate instead");
    }

    @Test
    void aNameToVerifyStandsInForTheNameThatIsSent() throws Exception {
        TlsServer.Hello hello = accepts(
                CERTIFICATES.tunnelExample(),
                "front.example",
                trusting().verifyNames("other.example", "Tunnel.Example"));
        assertThat(hello.serverNames()).containsExactly("front.example");
        accepts(CERTIFICATES.server(), "front.example", trusting().verifyNames("127.0.0.1"));
    }

    @Test
    void aCertificateWithoutANameToVerifyIsRefusedAlthoughItHasTheNameThatIsSent() throws Exception {
        assertThat(refuses(
                        CERTIFICATES.tunnelExample(),
                        "tunnel.example",
                        trusting().verifyNames("a.example", "b.example")))
                .hasMessageContaining("No name in the certificate matches one of a.example, b.example");
    }

    @Test
    void aNameToVerifyLeavesTheAuthoritiesInForce() throws Exception {
        assertThat(refuses(
                        CERTIFICATES.tunnelExample(),
                        "front.example",
                        TlsOptions.builder().verifyNames("tunnel.example")))
                .hasMessageContaining("PKIX");
    }

    @Test
    void aNameWithADotAtItsEndOrWithUmlautsIsSentToo() throws Exception {
        assertThat(accepts(CERTIFICATES.tunnelExample(), "tunnel.example.", trusting())
                        .serverNames())
                .containsExactly("tunnel.example");
        assertThat(accepts(
                                CERTIFICATES.server(),
                                "localhost",
                                TlsOptions.builder()
                                        .serverName("b\u00fccher.example")
                                        .pinnedCertificates(
                                                pin(CERTIFICATES.server().certificate())))
                        .serverNames())
                .containsExactly("xn--bcher-kva.example");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a,b", "", "a b", "*.example", "h:443", "-a.example", "127.1", "a..b", "a/b", ".a"})
    void aServerNameThatIsNoneIsRefusedNamingTheArgument(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TlsOptions.builder().serverName(name).build())
                .withMessageStartingWith(
                        "serverName: expected a host name without a port, such as \"example.org\", got ");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TlsOptions.builder().verifyNames(name).build())
                .withMessageStartingWith("verifyNames: expected a host name");
    }

    @Test
    void aUrlWithAHostThatIsNoServerNameIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WebSocketTransportClient.builder("wss://" + "a".repeat(64) + ".example"))
                .withMessageStartingWith("url: expected a host name");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WebSocketTransportClient.builder("wss://a+b.example/t"))
                .withMessage("url: expected a host name or an address, and a port from 0 to 65535 if need be, behind"
                        + " wss://, got \"a+b.example\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0f", "sha256/AAAA", ",", "zz"})
    void aPinThatIsNoneIsRefusedNamingTheArgument(String pin) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TlsOptions.builder().pinnedCertificates(pin).build())
                .withMessageStartingWith(
                        "pinnedCertificates: expected the SHA-256 of a certificate, 64 hexadecimal digits, got ");
    }
}
