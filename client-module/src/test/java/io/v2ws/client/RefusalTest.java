package io.v2ws.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.v2ws.WebSocketEngine;
import io.v2ws.WebSocketStream;
import io.v2ws.testing.Bytes;
import io.v2ws.testing.ClosedPort;
import io.v2ws.testing.JettyEngines;
import io.v2ws.testing.LeakCheck;
import io.v2ws.testing.RawHandshake;
import io.v2ws.testing.RawRequest;
import io.v2ws.testing.RawWebSocketPeer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.UnknownHostException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateExpiredException;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that are no upgrade (C15): one clear exception, and never another try. */
@Timeout(30)
@ExtendWith(LeakCheck.class)
class RefusalTest {
    private static final String EMPTY = "Content-Length: 0\r\n\r\n";

    @RegisterExtension
    final ClientFixture fixture = new ClientFixture();

    /** Answers a request. */
    private interface Answer {
        void give(RawWebSocketPeer peer, RawRequest request) throws IOException;
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        "200, OK, page answered",
        "204, No Content, ''",
        "301, Moved Permanently, redirects are not followed",
        "302, Found, redirects are not followed",
        "307, Temporary Redirect, redirects are not followed",
        "308, Permanent Redirect, redirects are not followed",
        "400, Bad Request, early data",
        "401, Unauthorized, login",
        "403, Forbidden, blocks this client",
        "404, Not Found, check path",
        "407, Proxy Authentication Required, ''",
        "414, URI Too Long, lower max_early_data",
        "426, Upgrade Required, version",
        "429, Too Many Requests, wait",
        "431, Request Header Fields Too Large, lower max_early_data",
        "500, Internal Server Error, ''",
        "502, Bad Gateway, cannot reach it",
        "503, Service Unavailable, cannot reach it",
        "504, Gateway Timeout, cannot reach it",
        "599, Whatever, ''",
    })
    void c15_everyStatusIsReportedWithReasonAndHintAndNotTriedAgain(int status, String reason, String hint)
            throws Exception {
        IOException failure = refused((peer, request) -> peer.respond("HTTP/1.1 " + status + " " + reason
                + "\r\nLocation: /elsewhere\r\nRetry-After: 0\r\nWWW-Authenticate: Basic realm=\"x\"\r\n"
                + "Proxy-Authenticate: Basic realm=\"x\"\r\nUpgrade: websocket\r\n"
                + (status == 204 ? "\r\n" : EMPTY)));
        assertThat(failure)
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.type(HandshakeException.class))
                .satisfies(refusal -> {
                    assertThat(refusal.status()).isEqualTo(status);
                    assertThat(refusal.reason()).isEqualTo(reason);
                    assertThat(refusal.hint()).contains(hint);
                    assertThat(refusal).hasMessageContaining(status + " " + reason);
                    assertThat(refusal).hasMessageContaining(refusal.hint());
                });
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 407})
    void c15_challengeWithoutItsHeaderIsReportedAllTheSame(int status) throws Exception {
        IOException failure =
                refused((peer, request) -> peer.respond("HTTP/1.1 " + status + " Login please\r\n" + EMPTY));
        assertStatus(failure, status);
        assertThat(((HandshakeException) failure).reason()).isEqualTo("Login please");
    }

    @Test
    void c15_refusalWithoutAReasonPhraseIsReported() throws Exception {
        assertStatus(refused((peer, request) -> peer.respond("HTTP/1.1 403 \r\n" + EMPTY)), 403);
        assertStatus(refused((peer, request) -> peer.respond("HTTP/1.1 403\r\n" + EMPTY)), 403);
    }

    @Test
    void c15_refusalDoesNotWaitForItsBody() throws Exception {
        assertStatus(
                refused((peer, request) ->
                        peer.respond("HTTP/1.1 403 Forbidden\r\nContent-Length: 1000000\r\n\r\n<html>endless")),
                403);
        assertStatus(
                refused((peer, request) ->
                        peer.respond("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n<html\r\n")),
                200);
    }

    @Test
    void c15_reasonIsMadeSafeForTerminals() throws Exception {
        IOException failure = refused(
                (peer, request) -> peer.respond("HTTP/1.1 403 \u009b31mred " + "x".repeat(500) + "\r\n" + EMPTY));
        assertThat(failure.getMessage()).doesNotContain("\u009b").hasSizeLessThan(400);
    }

    @Test
    void c15_wrongAcceptIsRefused() throws Exception {
        assertBrokenUpgrade(
                (peer, request) -> peer.respond(upgrade("websocket", "Upgrade", RawHandshake.acceptFor("x"), "")));
        assertBrokenUpgrade(
                // Right but for the case of its letters: base64 has two.
                (peer, request) -> peer.respond(upgrade("websocket", "Upgrade", swapCase(accept(request)), "")));
        assertBrokenUpgrade((peer, request) ->
                peer.respond(upgrade("websocket", "Upgrade", accept(request), "Sec-WebSocket-Accept: another\r\n")));
    }

    @ParameterizedTest
    @JettyEngines
    void c15_a101ByHttp10IsRefused(WebSocketEngine engine) throws Exception {
        PeerServer server = fixture.server();
        CompletableFuture<WebSocketStream> connecting = fixture.keep(fixture.builder(server.url())
                        .engine(engine)
                        .options(ClientFixture.options().build())
                        .build())
                .connect();
        PeerServer.Tunnel tunnel = server.acceptRequest();
        tunnel.peer()
                .respond(upgrade("websocket", "Upgrade", accept(tunnel.request()), "")
                        .replace("HTTP/1.1", "HTTP/1.0"));
        assertThat(Streams.failureOf(connecting))
                .isInstanceOf(HandshakeException.class)
                .hasMessageContaining("101")
                .hasMessageContaining("HTTP/1.0");
    }

    @Test
    void c15_missingAcceptIsRefused() throws Exception {
        assertBrokenUpgrade((peer, request) ->
                peer.respond("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"));
    }

    @Test
    void c15_missingOrOtherUpgradeIsRefused() throws Exception {
        assertBrokenUpgrade(
                (peer, request) -> peer.respond("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n"
                        + "Sec-WebSocket-Accept: " + accept(request) + "\r\n\r\n"));
        assertBrokenUpgrade((peer, request) -> peer.respond(upgrade("h2c", "Upgrade", accept(request), "")));
    }

    @Test
    void c15_missingConnectionIsRefused() throws Exception {
        assertBrokenUpgrade((peer, request) -> peer.respond(upgrade("websocket", "keep-alive", accept(request), "")));
    }

    @Test
    void c15_unaskedSubprotocolIsRefused() throws Exception {
        assertBrokenUpgrade((peer, request) ->
                peer.respond(upgrade("websocket", "Upgrade", accept(request), "Sec-WebSocket-Protocol: chat\r\n")));
    }

    @Test
    void c15_unaskedExtensionIsRefused() throws Exception {
        assertBrokenUpgrade((peer, request) -> peer.respond(
                upgrade("websocket", "Upgrade", accept(request), "Sec-WebSocket-Extensions: permessage-deflate\r\n")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"101 Switching Protocols", "200 OK"})
    void c15_hugeResponseHeaderIsRefused(String status) throws Exception {
        String huge = "x".repeat(1 << 20);
        IOException failure = refused((peer, request) -> {
            try {
                peer.respond("HTTP/1.1 " + status + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nX-Huge: " + huge
                        + "\r\nSec-WebSocket-Accept: " + accept(request) + "\r\n\r\n");
            } catch (IOException x) {
                // The client does not read it all.
            }
        });
        assertThat(failure.getMessage()).isNotBlank().hasSizeLessThan(400).doesNotContain("xxxxxxxxxx");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SSH-2.0-OpenSSH_9.2\r\n",
                "\r\n\r\n\r\nnothing of the kind\r\n\r\n",
                "HTTP/9.9 101 What\r\n\r\n",
                "HTTP/1.1 abc\r\n\r\n",
                "HTTP/1.1 99999 Far\r\n\r\n",
                "HTTP/1.1 101 Switching Protocols\r\nno colon\r\n\r\n",
                "\u0015\u0003\u0001\u0000\u0002\u0002\u0050"
            })
    void c15_garbageIsAnIoExceptionThatSaysSo(String garbage) throws Exception {
        IOException failure = refused((peer, request) -> peer.respond(garbage));
        assertThat(failure).isNotInstanceOf(java.net.SocketTimeoutException.class);
        assertReadable(failure);
        assertThat(failure).hasMessageNotContaining("proxy");
        if (failure instanceof HandshakeException refused) {
            assertThat(refused.status()).as("no HTTP came").isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n', 'SSH-2.0-OpenSSH_9.2p1 Debian-2', 'the port speaks SSH: use that of'",
        "'220 mail.example ESMTP\r\n', '220 mail.example ESMTP', 'the port speaks SMTP or FTP: use that of'",
        "'* OK IMAP4rev1\r\n', '* OK IMAP4rev1', 'the port speaks IMAP: use that of'",
        "'nothing of the kind\r\n', 'nothing of the kind', 'is this a web server?'",
    })
    void c15_aPortOfAnotherProtocolIsNamed(String greeting, String shown, String hint) throws Exception {
        HandshakeException refused =
                (HandshakeException) refused((peer, request) -> peer.respond(greeting.translateEscapes()));
        assertThat(refused.status()).as("no HTTP came").isZero();
        assertThat(refused.reason()).isEqualTo("what came is no HTTP: it begins with \"" + shown + '"');
        assertThat(refused.hint()).startsWith(hint);
    }

    @Test
    void c15_aPortThatSpeaksTlsIsNamed() throws Exception {
        String alert = "\u0015\u0003\u0001\u0000\u0002\u0002\u0050";
        HandshakeException refused = (HandshakeException) refused((peer, request) -> peer.respond(alert));
        assertThat(refused.status()).as("no HTTP came").isZero();
        assertThat(refused.hint()).isEqualTo("the port speaks TLS: use wss://");
    }

    @Test
    void c15_headCutInTheMiddleIsNotTakenForAnAnswer() throws Exception {
        IOException failure = refused((peer, request) -> {
            peer.respond("HTTP/1.1 101 Switching Protocols\r\nConn");
            peer.close();
        });
        assertThat(failure).isNotInstanceOf(HandshakeException.class);
        assertReadable(failure);
    }

    @Test
    void c15_immediateCloseIsAnIoException() throws Exception {
        assertReadable(refused((peer, request) -> peer.close()));
        assertReadable(refused((peer, request) -> {
            peer.respond("HTTP/1.1 101 Switch");
            peer.close();
        }));
    }

    @Test
    void c15_closeBeforeTheRequestIsReadIsAnIoExceptionThatSaysSo() throws Exception {
        PeerServer server = fixture.server();
        WebSocketTransportClient client = fixture.client(server, ClientFixture.options());
        for (int i = 0; i < 10; i++) {
            CompletableFuture<WebSocketStream> connecting = client.connect();
            // Where nothing of the request was sent yet, Jetty may take another connection.
            while (!connecting.isDone()) {
                server.closeNextWithin(20);
            }
            assertReadable(Streams.failureOf(connecting));
        }
    }

    /** In words for users: no dump of objects, no request with its early data. */
    private static void assertReadable(Throwable failure) {
        assertThat(failure).isInstanceOf(IOException.class);
        assertThat(failure.getMessage())
                .isNotBlank()
                .hasSizeLessThan(300)
                .doesNotContain("null", "oej", "@", "[client-test", "aGVsbG8");
    }

    @Test
    void c15_resetIsAnIoException() throws Exception {
        assertReadable(refused((peer, request) -> peer.reset()));
    }

    @Test
    void closedPortIsAConnectException() throws Exception {
        try (ClosedPort port = new ClosedPort();
                WebSocketTransportClient client =
                        fixture.builder("ws://127.0.0.1:" + port.port()).build()) {
            assertThat(Streams.failureOf(client.connect()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("refused");
            assertThat(Streams.failureOf(client.connect())).isInstanceOf(ConnectException.class);
        }
    }

    @Test
    void unknownNameIsAnIoExceptionNamingIt() throws Exception {
        try (WebSocketTransportClient client =
                fixture.builder("ws://no-such-host.invalid/").build()) {
            assertThat(Streams.failureOf(client.connect()))
                    .isInstanceOf(UnknownHostException.class)
                    .hasMessage("cannot find the address of ws://no-such-host.invalid:80");
        }
    }

    @Test
    void c15_aRedirectShowsWhereTo() throws Exception {
        IOException failure = refused(
                (peer, request) -> peer.respond("HTTP/1.1 302 Found\r\nLocation: https://new.example/t\r\n" + EMPTY));
        assertThat(failure).hasMessageContaining("use the address they point to: https://new.example/t");
    }

    @Test
    void aPortWithoutTlsIsSaidToBeThat() throws Exception {
        PeerServer server = fixture.server();
        try (WebSocketTransportClient client =
                fixture.builder("wss://127.0.0.1:" + server.address().getPort()).build()) {
            CompletableFuture<WebSocketStream> connecting = client.connect();
            try (Socket socket = server.acceptSocket()) {
                socket.getOutputStream().write(Bytes.utf8("HTTP/1.1 400 Bad Request\r\n\r\n"));
                assertThat(Streams.failureOf(connecting))
                        .isInstanceOf(SSLHandshakeException.class)
                        .hasMessageContaining("the port speaks no TLS");
            }
        }
    }

    @Test
    void anExpiredCertificateIsSaidToBeThatWithItsDate() {
        SSLHandshakeException failure = new SSLHandshakeException("PKIX path validation failed");
        failure.initCause(new CertPathValidatorException(
                "validity check failed", new CertificateExpiredException("NotAfter: Thu Nov 26 2026")));
        assertThat(Refusal.explain(route("wss://x:443"), false, null, null, failure))
                .isInstanceOf(SSLHandshakeException.class)
                .hasMessageContaining("TLS with wss://x:443: ")
                .hasMessageContaining("has expired (NotAfter: Thu Nov 26 2026)");
    }

    @Test
    void aServerThatDoesHttp2OnlyIsSaidToBeThat() {
        assertThat(Refusal.explain(
                        route("wss://x:443"),
                        false,
                        null,
                        null,
                        new SSLHandshakeException("Received fatal alert: no_application_protocol")))
                .hasMessageContaining("HTTP/2 only");
    }

    @Test
    void behindAProxyTlsIsSaidToBeThatOfTheServer() {
        Route route = new Route("the proxy http://p:8080", "wss://x:443");
        assertThat(Refusal.explain(
                        route, false, null, null, new SSLHandshakeException("Unsupported or unrecognized SSL message")))
                .hasMessageStartingWith("TLS with wss://x:443: the port speaks no TLS");
    }

    private static Route route(String server) {
        return new Route(server, server);
    }

    @Test
    void afterARefusalTheNextConnectIsANewConnection() throws Exception {
        PeerServer server = fixture.server();
        WebSocketTransportClient client = fixture.client(server, ClientFixture.options());
        CompletableFuture<WebSocketStream> refused = client.connect();
        server.acceptRequest().peer().respond("HTTP/1.1 503 Busy\r\n" + EMPTY);
        Streams.failureOf(refused);
        CompletableFuture<WebSocketStream> second = client.connect();
        PeerServer.Tunnel tunnel = server.acceptUpgrade();
        Streams.write(Streams.get(second), Bytes.utf8("x"));
        assertThat(tunnel.peer().readBinary(1)).isEqualTo(Bytes.utf8("x"));
    }

    /** Lets a server refuse two clients, without and with early data; checks what both have in common. */
    private IOException refused(Answer answer) throws Exception {
        refusedWithEarlyData(answer);
        PeerServer server = fixture.server();
        WebSocketTransportClient client = fixture.client(server, ClientFixture.options());
        CompletableFuture<WebSocketStream> connecting = client.connect();
        PeerServer.Tunnel tunnel = server.acceptRequest();
        answer.give(tunnel.peer(), tunnel.request());
        Throwable failure = Streams.failureOf(connecting);
        assertThat(failure).isInstanceOf(IOException.class);
        assertNotTriedAgain(server, tunnel);
        return (IOException) failure;
    }

    private void refusedWithEarlyData(Answer answer) throws Exception {
        PeerServer server = fixture.server();
        WebSocketStream stream = fixture.client(server, EarlyDataMode.PATH.options(2048))
                .connect()
                .join();
        CompletableFuture<Void> written = Streams.startWrite(stream, Bytes.utf8("hello"));
        PeerServer.Tunnel tunnel = server.acceptRequest();
        answer.give(tunnel.peer(), tunnel.request());
        Throwable failure = Streams.failureOf(written);
        assertThat(failure).isInstanceOf(IOException.class);
        assertThat(failure.getMessage()).as("early data is nobody's business").doesNotContain("aGVsbG8");
        assertThat(Streams.readFailure(stream)).isSameAs(failure);
        assertNotTriedAgain(server, tunnel);
    }

    private static void assertNotTriedAgain(PeerServer server, PeerServer.Tunnel tunnel) throws Exception {
        server.expectNoConnection(30);
        if (!tunnel.peer().socket().isClosed()) {
            assertThat(tunnel.peer().input().available())
                    .as("bytes of a further request on the same connection")
                    .isZero();
        }
    }

    private void assertBrokenUpgrade(Answer answer) throws Exception {
        IOException failure = refused(answer);
        assertStatus(failure, 101);
        assertThat(((HandshakeException) failure).reason()).isNotBlank().isNotEqualTo("null");
        assertThat(((HandshakeException) failure).hint()).contains("RFC 6455");
    }

    private static void assertStatus(IOException failure, int status) {
        assertThat(failure).isInstanceOf(HandshakeException.class);
        assertThat(((HandshakeException) failure).status()).isEqualTo(status);
    }

    private static String accept(RawRequest request) {
        return RawHandshake.acceptFor(request.header("Sec-WebSocket-Key"));
    }

    private static String swapCase(String text) {
        StringBuilder swapped = new StringBuilder();
        text.chars().forEach(c -> swapped.append((char) (Character.isLetter(c) ? c ^ 0x20 : c)));
        return swapped.toString();
    }

    private static String upgrade(String upgrade, String connection, String accept, String more) {
        return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: " + upgrade + "\r\nConnection: " + connection
                + "\r\nSec-WebSocket-Accept: " + accept + "\r\n" + more + "\r\n";
    }
}
