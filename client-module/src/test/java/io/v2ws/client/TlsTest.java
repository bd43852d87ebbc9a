package io.v2ws.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.v2ws.HostAndPort;
import io.v2ws.WebSocketStream;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.testing.Bytes;
import io.v2ws.testing.FrameBytes;
import io.v2ws.testing.LeakCheck;
import io.v2ws.testing.TestCertificates;
import java.io.IOException;
import java.net.Socket;
import java.security.KeyStore;
import java.security.Provider;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** TLS as a server sees it (C11, and C9 for the name sent). */
@Timeout(30)
@ExtendWith(LeakCheck.class)
class TlsTest {
    private static final TestCertificates CERTIFICATES = TestCertificates.get();

    @RegisterExtension
    final ClientFixture fixture = new ClientFixture();

    private PeerServer server;

    @BeforeEach
    void startServer() throws IOException {
        server = fixture.server();
    }

    private HostAndPort edge() {
        return new HostAndPort("127.0.0.1", server.port());
    }

    private WebSocketTransportClient.Builder client(String host, TlsOptions.Builder tls) {
        return fixture.builder("wss://" + host + ":" + server.port() + "/tunnel")
                .dial(edge())
                .tls(tls.provider(provider()).build());
    }

    /** What does the client's TLS; null for the JVM's own. */
    Provider provider() {
        return null;
    }

    private static TlsOptions.Builder trusting() throws IOException {
        return TlsOptions.builder().caFile(CERTIFICATES.caPem());
    }

    /** Connects through TLS all the way to an echoed byte. */
    private TlsServer.Hello connects(TlsServer tls, WebSocketTransportClient.Builder builder) throws Exception {
        WebSocketTransportClient client = fixture.keep(builder.build());
        CompletableFuture<WebSocketStream> connecting = client.connect();
        TlsServer.Hello hello = tls.handshake(server.acceptSocket());
        PeerServer.Tunnel tunnel = PeerServer.request(hello.peer());
        hello.peer()
                .acceptUpgrade(
                        tunnel.request(),
                        List.of(),
                        FrameBytes.binary(Bytes.utf8("hello")).bytes());
        WebSocketStream stream = Streams.get(connecting);
        assertThat(Streams.read(stream, 5)).isEqualTo(Bytes.utf8("hello"));
        Streams.write(stream, Bytes.utf8("world"));
        assertThat(hello.peer().readBinary(5)).isEqualTo(Bytes.utf8("world"));
        return hello;
    }

    /** Fails in the handshake, on both sides. */
    private Throwable refuses(TlsServer tls, WebSocketTransportClient.Builder builder) throws Exception {
        WebSocketTransportClient client = fixture.keep(builder.build());
        CompletableFuture<WebSocketStream> connecting = client.connect();
        Socket socket = server.acceptSocket();
        assertThatThrownBy(() -> {
                    TlsServer.Hello hello = tls.handshake(socket);
                    if (hello.peer().input().read() < 0) {
                        throw new IOException("the end");
                    }
                })
                .as("no byte of a request over a connection that is not trusted")
                .isInstanceOf(IOException.class);
        socket.close();
        Throwable failure = Streams.failureOf(connecting);
        assertThat(failure).isInstanceOf(IOException.class).isNotInstanceOf(HandshakeException.class);
        server.expectNoConnection(50);
        return failure;
    }

    @Test
    void c11_certificatesOfTheCaFileAreTrusted() throws Exception {
        connects(new TlsServer(CERTIFICATES.server()), client("localhost", trusting()));
    }

    @Test
    void c11_theCipherThatCostsLeastIsOfferedFirst() throws Exception {
        TlsServer.Hello hello = connects(new TlsServer(CERTIFICATES.server()), client("localhost", trusting()));
        assertThat(hello.cipher()).isEqualTo("TLS_AES_128_GCM_SHA256");
    }

    @Test
    void c11_certificatesOfTheTrustStoreAreTrusted() throws Exception {
        KeyStore store =
                KeyStore.getInstance(CERTIFICATES.trustStore().toFile(), TestCertificates.PASSWORD.toCharArray());
        connects(
                new TlsServer(CERTIFICATES.server()),
                client("localhost", TlsOptions.builder().trustStore(store)));
    }

    @Test
    void c11_addressLiteralIsVerifiedToo() throws Exception {
        TlsServer.Hello hello = connects(new TlsServer(CERTIFICATES.server()), client("127.0.0.1", trusting()));
        assertThat(hello.serverNames()).isEmpty();
        refuses(new TlsServer(CERTIFICATES.tunnelExample()), client("127.0.0.1", trusting()));
    }

    @Test
    void c11_extraAuthoritiesAreTrustedBesideTheOthers() throws Exception {
        connects(
                new TlsServer(CERTIFICATES.server()),
                client("localhost", TlsOptions.builder().extraCaFile(CERTIFICATES.caPem())));
        TlsOptions.Builder beside = TlsOptions.builder()
                .caFile(CERTIFICATES.client().certificatePem())
                .extraCaFile(CERTIFICATES.trustStore(), TestCertificates.PASSWORD.toCharArray());
        connects(new TlsServer(CERTIFICATES.server()), client("localhost", beside));
        int javas = TrustStores.ofTheJvm().size();
        assertThat(javas).isPositive();
        assertThat(TlsOptions.builder()
                        .extraCaFile(CERTIFICATES.caPem())
                        .build()
                        .trustStore()
                        .size())
                .isEqualTo(javas + 1);
        assertThat(beside.build().trustStore().size()).isEqualTo(2);
    }

    @Test
    void c11_certificatesOfAKeyStoreFileAreTrusted() throws Exception {
        char[] password = TestCertificates.PASSWORD.toCharArray();
        connects(
                new TlsServer(CERTIFICATES.server()),
                client("localhost", TlsOptions.builder().caFile(CERTIFICATES.trustStore(), password)));
    }

    @Test
    void c11_unknownAuthorityIsRefusedByDefault() throws Exception {
        Throwable failure = refuses(new TlsServer(CERTIFICATES.server()), client("localhost", TlsOptions.builder()));
        assertThat(failure).isInstanceOf(SSLHandshakeException.class);
    }

    @Test
    void c11_certificateOfAnotherAuthorityThanTheCaFileIsRefused() throws Exception {
        // A client's own certificate as the only one to trust: it signed nothing.
        TlsOptions.Builder other =
                TlsOptions.builder().caFile(CERTIFICATES.client().certificatePem());
        assertThat(refuses(new TlsServer(CERTIFICATES.server()), client("localhost", other)))
                .isInstanceOf(SSLHandshakeException.class);
    }

    @Test
    void c11_certificateOfAnotherNameIsRefusedByDefault() throws Exception {
        assertThat(refuses(new TlsServer(CERTIFICATES.tunnelExample()), client("localhost", trusting())))
                .isInstanceOf(SSLHandshakeException.class);
        assertThat(refuses(new TlsServer(CERTIFICATES.server()), client("tunnel.example", trusting())))
                .isInstanceOf(SSLHandshakeException.class)
                .hasMessageContaining("tunnel.example");
    }

    @Test
    void c11_refusalReachesTheFirstWriteOfEarlyDataToo() throws Exception {
        WebSocketTransportClient client = fixture.keep(client("tunnel.example", trusting())
                .options(EarlyDataMode.PATH.options(2048).build())
                .build());
        WebSocketStream stream = client.connect().join();
        CompletableFuture<Void> written = Streams.startWrite(stream, Bytes.utf8("secret"));
        Socket socket = server.acceptSocket();
        assertThatThrownBy(() -> {
                    if (new TlsServer(CERTIFICATES.server())
                                    .handshake(socket)
                                    .peer()
                                    .input()
                                    .read()
                            < 0) {
                        throw new IOException("the end");
                    }
                })
                .isInstanceOf(IOException.class);
        socket.close();
        assertThat(Streams.failureOf(written)).isInstanceOf(SSLHandshakeException.class);
    }

    @Test
    void c11_serverNameIsSentAndVerifiedInsteadOfTheHost() throws Exception {
        TlsServer.Hello hello = connects(
                new TlsServer(CERTIFICATES.tunnelExample()),
                client("localhost", trusting().serverName("tunnel.example")));
        assertThat(hello.serverNames()).containsExactly("tunnel.example");
        refuses(
                new TlsServer(CERTIFICATES.server()),
                client("localhost", trusting().serverName("tunnel.example")));
    }

    @Test
    void c11_insecureSkipVerifyTakesAnyCertificateAndStillSendsTheName() throws Exception {
        TlsServer.Hello hello = connects(
                new TlsServer(CERTIFICATES.server()),
                client("tunnel.example", TlsOptions.builder().insecureSkipVerify(true)));
        assertThat(hello.serverNames()).containsExactly("tunnel.example");
    }

    @Test
    void c11_insecureSkipVerifyTakesAnyCertificateAlsoWithACertificateOfItsOwn() throws Exception {
        TestCertificates.Identity identity = CERTIFICATES.client();
        TlsServer.Hello hello = connects(
                new TlsServer(CERTIFICATES.server()).needClientCertificate(),
                client(
                        "tunnel.example",
                        TlsOptions.builder()
                                .keyFiles(identity.certificatePem(), identity.keyPem())
                                .insecureSkipVerify(true)));
        assertThat(hello.clientSubject()).isEqualTo("CN=client");
    }

    @Test
    void c11_clientCertificateIsShownWhereAsked() throws Exception {
        TestCertificates.Identity identity = CERTIFICATES.client();
        TlsServer.Hello hello = connects(
                new TlsServer(CERTIFICATES.server()).needClientCertificate(),
                client("localhost", trusting().keyFiles(identity.certificatePem(), identity.keyPem())));
        assertThat(hello.clientSubject())
                .isEqualTo(identity.certificate().getSubjectX500Principal().getName());

        KeyStore store = KeyStore.getInstance(identity.keyStore().toFile(), TestCertificates.PASSWORD.toCharArray());
        TlsServer.Hello second = connects(
                new TlsServer(CERTIFICATES.server()).needClientCertificate(),
                client("localhost", trusting().keyStore(store, TestCertificates.PASSWORD)));
        assertThat(second.clientSubject()).isEqualTo(hello.clientSubject());

        TlsServer.Hello third = connects(
                new TlsServer(CERTIFICATES.server()).needClientCertificate(),
                client(
                        "localhost",
                        trusting().keyStoreFile(identity.keyStore(), TestCertificates.PASSWORD.toCharArray())));
        assertThat(third.clientSubject()).isEqualTo(hello.clientSubject());
    }

    @Test
    void c11_serverThatWantsACertificateRefusesAClientWithout() throws Exception {
        refuses(new TlsServer(CERTIFICATES.server()).needClientCertificate(), client("localhost", trusting()));
    }

    @Test
    void c11_alpnOffersHttp11ByDefault() throws Exception {
        TlsServer.Hello hello = connects(new TlsServer(CERTIFICATES.server()), client("localhost", trusting()));
        assertThat(hello.alpn()).containsExactly("http/1.1");
    }

    @Test
    void c11_alpnOffersTheListThatIsSet() throws Exception {
        TlsServer server = new TlsServer(CERTIFICATES.server()).chooseAlpn(offered -> "http/1.1");
        TlsServer.Hello hello = connects(server, client("localhost", trusting().alpn(List.of("h2", "http/1.1"))));
        assertThat(hello.alpn()).containsExactly("h2", "http/1.1");
    }

    @Test
    void c11_alpnIsLeftOutWhereTheListIsEmpty() throws Exception {
        TlsServer.Hello hello = connects(
                new TlsServer(CERTIFICATES.server()),
                client("localhost", trusting().alpn(List.of())));
        assertThat(hello.alpn()).isNull();
    }

    @Test
    void c11_serverWithoutAlpnIsFine() throws Exception {
        TlsServer silent = new TlsServer(CERTIFICATES.server()).chooseAlpn(offered -> "");
        assertThat(connects(silent, client("localhost", trusting())).alpn()).containsExactly("http/1.1");
    }

    @Test
    void c11_hostOfTheUrlIsSentAsServerName() throws Exception {
        TlsServer.Hello hello =
                connects(new TlsServer(CERTIFICATES.tunnelExample()), client("tunnel.example", trusting()));
        assertThat(hello.serverNames()).containsExactly("tunnel.example");
    }

    @Test
    void c11_hostWithoutADotIsSentAsServerNameToo() throws Exception {
        // As Go does; a server may pick its certificate by it.
        TlsServer.Hello hello = connects(new TlsServer(CERTIFICATES.server()), client("localhost", trusting()));
        assertThat(hello.serverNames()).containsExactly("localhost");
    }

    @Test
    void c9_tlsServerNameStaysTheUrlsWithAnotherHostHeader() throws Exception {
        WebSocketTransportOptions options =
                ClientFixture.options().header("Host", "front.example").build();
        WebSocketTransportClient client = fixture.keep(
                client("tunnel.example", trusting()).options(options).build());
        CompletableFuture<WebSocketStream> connecting = client.connect();
        TlsServer.Hello hello = new TlsServer(CERTIFICATES.tunnelExample()).handshake(server.acceptSocket());
        PeerServer.Tunnel tunnel = PeerServer.request(hello.peer());
        hello.peer().acceptUpgrade(tunnel.request(), List.of());
        Streams.get(connecting);
        assertThat(hello.serverNames()).containsExactly("tunnel.example");
        assertThat(tunnel.request().all("Host")).containsExactly("front.example");
    }
}
