package io.v2ws.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.v2ws.WebSocketEngine;
import io.v2ws.testing.Bytes;
import io.v2ws.testing.LeakCheck;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What a {@link HandshakeException} carries of the response, on both engines. */
@Timeout(30)
@ExtendWith(LeakCheck.class)
@ParameterizedClass(name = "{0}")
@EnumSource(
        value = WebSocketEngine.class,
        names = {"DIRECT", "JETTY"})
class RefusalBodyTest {
    @RegisterExtension
    final ClientFixture fixture = new ClientFixture();

    @Parameter
    WebSocketEngine engine;

    private HandshakeException refused(String response) throws Exception {
        PeerServer server = fixture.server();
        CompletableFuture<?> connecting = fixture.keep(
                        fixture.builder(server.url() + "/tunnel").engine(engine).build())
                .connect();
        server.acceptRequest().peer().respond(response);
        return (HandshakeException) Streams.failureOf(connecting);
    }

    private HandshakeException refused(String type, String body) throws Exception {
        return refused("HTTP/1.1 403 Forbidden\r\nContent-Type: " + type + "\r\nContent-Length: " + body.length()
                + "\r\n\r\n" + body);
    }

    @Test
    void c15_aRefusalCarriesHeadersInAnyCaseAndItsBody() throws Exception {
        HandshakeException refusal = refused("HTTP/1.1 403 Forbidden\r\nX-Why: a\r\nx-WHY: b\r\nServer: edge\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n4\r\nno a\r\n6\r\nccess\n\r\n0\r\n\r\n");
        assertThat(refusal.headers().get("x-why")).containsExactly("a", "b");
        assertThat(refusal.headers().get("SERVER")).containsExactly("edge");
        assertThat(refusal.body()).isEqualTo("no access\n");
        assertThat(refusal).hasMessageContaining("403 Forbidden: \"no access\" (");
        Map<String, List<String>> headers = refusal.headers();
        assertThatThrownBy(headers::clear).isInstanceOf(UnsupportedOperationException.class);
        assertThat(refusal.copy().headers()).isEqualTo(headers);
        assertThat(refusal.copy()).hasMessage(refusal.getMessage());
    }

    @Test
    void c15_theBodyIsCutAtOneKibibyteAndTheLineInTheMessageIsShorter() throws Exception {
        HandshakeException refusal = refused("text/plain", "x".repeat(100_000));
        assertThat(refusal.body()).isEqualTo("x".repeat(1024));
        assertThat(refusal.getMessage()).contains("x".repeat(80)).doesNotContain("x".repeat(81));
    }

    @Test
    void c15_controlCharactersOfABodyAreEscaped() throws Exception {
        HandshakeException refusal = refused("text/plain; charset=iso-8859-1", "red \u009b31m and \u001b[0m");
        assertThat(refusal.body()).isEqualTo("red \\u009b31m and \\u001b[0m");
        assertThat(refusal.getMessage())
                .contains("red \\u009b31m and \\u001b[0m")
                .doesNotContain("\u009b", "\u001b");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "text/html | <html><head><title>Attention\u0020Required!</title> | Attention Required!",
                "text/html | <html><title>403 Forbidden</title> | ''",
                "text/html | <p>words | ''",
                "application/json | {\"error\":\"blocked\"} | {\"error\":\"blocked\"}",
                "text/plain | Error 403: Forbidden | ''",
                "image/png | PNG | ''",
            })
    void c15_theMessageShowsALineThatSaysMoreThanTheReason(String type, String body, String line) throws Exception {
        HandshakeException refusal = refused(type, body);
        assertThat(refusal.body()).isEqualTo(body);
        assertThat(refusal.getMessage())
                .startsWith(
                        "WebSocket upgrade refused: 403 Forbidden" + (line.isEmpty() ? " (" : ": \"" + line + "\" ("));
    }

    @Test
    void c15_aBodyInAContentCodingIsLeftOut() throws Exception {
        HandshakeException refusal =
                refused("HTTP/1.1 403 Forbidden\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc");
        assertThat(refusal.body()).isEmpty();
    }

    @Test
    void c15_aBodyThatBreaksOffIsKeptAsFarAsItCame() throws Exception {
        HandshakeException refusal = refused("HTTP/1.1 404 Not Found\r\nContent-Length: 1000\r\n\r\nno tunnel here");
        assertThat(refusal.body()).isEqualTo("no tunnel here");
    }

    @Test
    void c15_earlyDataThatTheBodyRepeatsIsLeftOut() throws Exception {
        PeerServer server = fixture.server();
        CompletableFuture<Void> written = Streams.startWrite(
                fixture.keep(fixture.builder(server.url())
                                .engine(engine)
                                .options(EarlyDataMode.PATH.options(100).build())
                                .build())
                        .connect()
                        .join(),
                Bytes.utf8("a secret of the user"));
        PeerServer.Tunnel tunnel = server.acceptRequest();
        String body = "nothing at " + tunnel.request().target() + ", sorry";
        tunnel.peer().respond("HTTP/1.1 404 Not Found\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
        IOException failure = (IOException) Streams.failureOf(written);
        assertThat(((HandshakeException) failure).body()).isEqualTo("nothing at /tunnel");
        assertThat(failure.getMessage()).doesNotContain(tunnel.request().target());
    }
}
