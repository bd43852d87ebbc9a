package io.v2ws.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.v2ws.HostAndPort;
import io.v2ws.WebSocketEngine;
import io.v2ws.WebSocketStream;
import io.v2ws.testing.Bytes;
import io.v2ws.testing.JettyEngines;
import io.v2ws.testing.LeakCheck;
import io.v2ws.testing.RawHttpProxy;
import io.v2ws.testing.RawRequest;
import io.v2ws.testing.RawSocks5Proxy;
import io.v2ws.testing.TestCertificates;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names that {@link java.net.URI} does not know as hosts, on every way to the server. */
@Timeout(30)
@ExtendWith(LeakCheck.class)
class HostNamesTest {
    private static final String UNDERSCORE = "my_ssh.net.tunnel.example";

    @RegisterExtension
    final ClientFixture fixture = new ClientFixture();

    private WebSocketTransportClient.Builder client(WebSocketEngine engine, String url) throws IOException {
        return fixture.builder(url)
                .engine(engine)
                .tls(TlsOptions.builder().caFile(TestCertificates.get().caPem()).build());
    }

    /** Connects and writes; returns the request. With TLS the server name is the one in {@code Host}. */
    private RawRequest connects(PeerServer server, boolean secure, WebSocketTransportClient.Builder builder)
            throws Exception {
        CompletableFuture<WebSocketStream> connecting =
                fixture.keep(builder.build()).connect();
        PeerServer.Tunnel tunnel;
        List<String> serverNames = null;
        if (secure) {
            TlsServer.Hello hello =
                    new TlsServer(TestCertificates.get().tunnelExample()).handshake(server.acceptSocket());
            serverNames = hello.serverNames();
            tunnel = PeerServer.request(hello.peer());
        } else {
            tunnel = server.acceptRequestOfAny();
        }
        tunnel.peer().acceptUpgrade(tunnel.request(), List.of());
        WebSocketStream stream = Streams.get(connecting);
        Streams.write(stream, Bytes.utf8("x"));
        assertThat(tunnel.peer().readBinary(1)).isEqualTo(Bytes.utf8("x"));
        if (secure) {
            // A server in Java would refuse a name with an underscore.
            List<String> host = tunnel.request().all("Host");
            assertThat(serverNames).isEqualTo(host.get(0).contains("_") ? List.of() : host);
        }
        return tunnel.request();
    }

    @ParameterizedTest
    @CsvSource({"DIRECT, false", "DIRECT, true", "JETTY, false", "JETTY, true"})
    void c20_aNameWithAnUnderscoreIsConnectedTo(WebSocketEngine engine, boolean secure) throws Exception {
        PeerServer server = fixture.server();
        RawRequest request = connects(
                server,
                secure,
                client(engine, (secure ? "wss://" : "ws://") + UNDERSCORE + "/t")
                        .dial(new HostAndPort("127.0.0.1", server.port())));
        assertThat(request.all("Host")).containsExactly(UNDERSCORE);
        assertThat(request.target()).isEqualTo("/t");
    }

    @ParameterizedTest
    @CsvSource({"DIRECT, false", "DIRECT, true", "JETTY, false", "JETTY, true"})
    void c20_aNameWithAnUnderscoreGoesToEveryKindOfProxy(WebSocketEngine engine, boolean secure) throws Exception {
        String target = UNDERSCORE + ":8443";
        String url = (secure ? "wss://" : "ws://") + UNDERSCORE + "/t";
        PeerServer server = fixture.server();
        RawHttpProxy http = fixture.keep(new RawHttpProxy());
        http.route(target, server.address());
        RawSocks5Proxy socks = fixture.keep(new RawSocks5Proxy());
        socks.route(target, server.address());
        for (String proxy : List.of("http://127.0.0.1:" + http.port(), "socks5://127.0.0.1:" + socks.port())) {
            connects(
                    server,
                    secure,
                    client(engine, url).dial(HostAndPort.parse(target)).proxy(proxy));
        }
        assertThat(http.targets()).containsExactly(target);
        assertThat(socks.targets()).containsExactly(target);
    }

    @ParameterizedTest
    @JettyEngines
    void c20_aNameWithAnUnderscoreThatTheCertificateDoesNotHaveIsRefused(WebSocketEngine engine) throws Exception {
        PeerServer server = fixture.server();
        CompletableFuture<WebSocketStream> connecting = fixture.keep(client(engine, "wss://other_ssh.example/t")
                        .dial(new HostAndPort("127.0.0.1", server.port()))
                        .build())
                .connect();
        try (var socket = server.acceptSocket()) {
            TlsServer.Hello hello = new TlsServer(TestCertificates.get().tunnelExample()).handshake(socket);
            assertThat(hello.peer().input().read()).isNegative();
        } catch (IOException alert) {
            // The client ends the handshake with an alert.
        }
        assertThat(Streams.failureOf(connecting)).hasMessageContaining("other_ssh.example");
    }

    @ParameterizedTest
    @CsvSource({"DIRECT, false", "DIRECT, true", "JETTY, false", "JETTY, true"})
    void c20_aNameWithADotAtItsEndIsTheSameHost(WebSocketEngine engine, boolean secure) throws Exception {
        PeerServer server = fixture.server();
        RawHttpProxy proxy = fixture.keep(new RawHttpProxy());
        proxy.route("tunnel.example.:" + (secure ? 443 : 80), server.address());
        RawRequest request = connects(
                server,
                secure,
                client(engine, (secure ? "wss://" : "ws://") + "tunnel.example./t")
                        .proxy("http://127.0.0.1:" + proxy.port()));
        assertThat(request.all("Host")).containsExactly("tunnel.example");
        // DNS knows the difference: no search domain is added.
        assertThat(proxy.targets()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"DIRECT, false", "DIRECT, true", "JETTY, false", "JETTY, true"})
    void c20_anInternationalNameIsSentInAsciiEverywhere(WebSocketEngine engine, boolean secure) throws Exception {
        PeerServer server = fixture.server();
        RawHttpProxy proxy = fixture.keep(new RawHttpProxy());
        proxy.route("xn--bcher-kva.example:" + (secure ? 443 : 80), server.address());
        RawRequest request = connects(
                server,
                secure,
                client(engine, (secure ? "wss://" : "ws://") + "b\u00fccher.example/t")
                        .proxy("http://127.0.0.1:" + proxy.port()));
        assertThat(request.all("Host")).containsExactly("xn--bcher-kva.example");
    }

    @ParameterizedTest
    @JettyEngines
    void c20_anInternationalNameInTheHostHeaderIsSentInAsciiToo(WebSocketEngine engine) throws Exception {
        PeerServer server = fixture.server();
        RawRequest request = connects(
                server,
                false,
                client(engine, server.url())
                        .options(ClientFixture.options()
                                .header("host", "b\u00fccher.example:8080")
                                .build()));
        assertThat(request.all("Host")).containsExactly("xn--bcher-kva.example:8080");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ws://b\u00fccher.example/t", "ws://xn--bcher-kva.example/t"})
    void messagesHaveBothFormsOfAnInternationalName(String url) throws Exception {
        assertThat(fixture.keep(fixture.builder(url).build()))
                .hasToString("ws://xn--bcher-kva.example/t (b\u00fccher.example)");
    }

    @ParameterizedTest
    @JettyEngines
    void c21_userAndPasswordOfTheUrlAreSentAsBasicCredentials(WebSocketEngine engine) throws Exception {
        PeerServer server = fixture.server();
        RawRequest request =
                connects(server, false, client(engine, "ws://u%20s:p%C3%BC%40:+@127.0.0.1:" + server.port() + "/t"));
        // "u s:p\u00fc@:+" in UTF-8
        assertThat(request.all("Authorization")).containsExactly("Basic dSBzOnDDvEA6Kw==");
        assertThat(request.all("Host")).containsExactly("127.0.0.1:" + server.port());
    }

    @Test
    void aLoggedClientAndItsOptionsHaveNoPassword() throws Exception {
        WebSocketTransportClient client =
                fixture.keep(fixture.builder("ws://u:topsecret@h/t").build());
        assertThat(client + " " + client.options())
                .doesNotContain("topsecret")
                .doesNotContain(TunnelUrl.parse("ws://u:topsecret@h/t").authorization());
    }
}
