package io.v2ws.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.v2ws.HostAndPort;
import io.v2ws.WebSocketStream;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.testing.Bytes;
import io.v2ws.testing.LeakCheck;
import io.v2ws.testing.RawRequest;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Target and Host of the upgrade request. */
@Timeout(30)
@ExtendWith(LeakCheck.class)
class RequestTest {
    @RegisterExtension
    final ClientFixture fixture = new ClientFixture();

    @Test
    void c9_hostOptionOverridesTheHostSentAndNotTheAddressDialled() throws Exception {
        for (String name : List.of("Host", "host", "HOST")) {
            PeerServer server = fixture.server();
            RawRequest request = firstRequest(
                    server,
                    fixture.builder(server.url())
                            .options(ClientFixture.options()
                                    .header(name, "cdn.example")
                                    .build()));
            assertThat(request.all("Host")).containsExactly("cdn.example");
        }
    }

    @Test
    void c9_addressDialledMayBeAnotherThanTheUrlSays() throws Exception {
        PeerServer server = fixture.server();
        HostAndPort edge = new HostAndPort("127.0.0.1", server.port());
        RawRequest plain = firstRequest(
                server, fixture.builder("ws://tunnel.example:8080/tunnel").dial(edge));
        assertThat(plain.all("Host")).containsExactly("tunnel.example:8080");

        RawRequest overridden = firstRequest(
                server,
                fixture.builder("ws://tunnel.example/tunnel")
                        .dial(edge)
                        .options(ClientFixture.options()
                                .header("Host", "front.example")
                                .build()));
        assertThat(overridden.all("Host")).containsExactly("front.example");
        assertThat(overridden.target()).isEqualTo("/tunnel");
    }

    @Test
    void c9_hostWithoutOptionIsTheUrlsWithoutTheUsualPort() throws Exception {
        PeerServer server = fixture.server();
        HostAndPort edge = new HostAndPort("127.0.0.1", server.port());
        assertThat(firstRequest(
                                server,
                                fixture.builder("ws://tunnel.example:80/").dial(edge))
                        .all("Host"))
                .containsExactly("tunnel.example");
        assertThat(firstRequest(server, fixture.builder("ws://[::1]:81/").dial(edge))
                        .all("Host"))
                .containsExactly("[::1]:81");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "/tunnel,                     /tunnel",
                "tunnel,                      /tunnel",
                "/,                           /",
                "?x=1,                        /?x=1",
                "/a?x=1,                      /a?x=1",
                "/a?,                         /a?",
                "/a?b?c=/d/?e,                /a?b?c=/d/?e",
                "/a?x=1&&y&=z&x=2&,           /a?x=1&&y&=z&x=2&",
                "/a?q=%2F%3f%25%20+b,         /a?q=%2F%3f%25%20+b",
                "/a%3Fb%2fc,                  /a%3Fb%2fc",
                "/%FF%C3%28?x=%E2%82%AC,      /%FF%C3%28?x=%E2%82%AC",
                "/100%,                       /100%25",
                "/%zz?%,                      /%25zz?%25",
                "/a b?c d,                    /a%20b?c%20d",
                "/ü?ü=€,                      /%C3%BC?%C3%BC=%E2%82%AC",
                "/a//b/../c/./d,              /a//b/../c/./d",
                "//double,                    //double",
                "/a;b=c:@!$&'()*+=~,          /a;b=c:@!$&'()*+=~",
                "/a[1]{2}|^`\\<>?[1]{2}|^`\\<>, "
                        + "/a%5B1%5D%7B2%7D%7C%5E%60%5C%3C%3E?%5B1%5D%7B2%7D%7C%5E%60%5C%3C%3E",
                "/?ed=2048&x=y,               /?ed=2048&x=y",
                "/http://other.example/x,     /http://other.example/x",
            })
    void c12_pathAndQueryAreKeptAsWritten(String path, String target) throws Exception {
        PeerServer server = fixture.server();
        WebSocketTransportOptions options =
                WebSocketTransportOptions.builder().path(path).build();
        assertThat(firstRequest(server, fixture.builder(server.url()).options(options))
                        .target())
                .isEqualTo(target);
        if (path.startsWith("/") || path.startsWith("?")) {
            assertThat(firstRequest(server, fixture.builder(server.url() + path))
                            .target())
                    .as("as part of the URL")
                    .isEqualTo(target);
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "/a,            /aaGVsbG8",
        "/a/,           /a/aGVsbG8",
        "/,             /aGVsbG8",
        "/a?x=1&y=%2F,  /aaGVsbG8?x=1&y=%2F",
        "/a/?ed=1?b,    /a/aGVsbG8?ed=1?b",
        "?x=1,          /aGVsbG8?x=1",
        "/a?,           /aaGVsbG8?",
        "/a%3Fb,        /a%3FbaGVsbG8",
    })
    void c12_pathModeAppendsToThePathBeforeTheQuery(String path, String target) throws Exception {
        PeerServer server = fixture.server();
        WebSocketStream stream = fixture.client(
                        server, WebSocketTransportOptions.builder().path(path).maxEarlyData(2048))
                .connect()
                .join();
        CompletableFuture<Void> written = Streams.startWrite(stream, Bytes.utf8("hello"));
        assertThat(server.acceptUpgrade().request().target()).isEqualTo(target);
        Streams.get(written);
    }

    private RawRequest firstRequest(PeerServer server, WebSocketTransportClient.Builder builder) throws Exception {
        try (WebSocketTransportClient client = builder.build()) {
            CompletableFuture<WebSocketStream> connecting = client.connect();
            RawRequest request = server.acceptUpgrade().request();
            Streams.get(connecting);
            return request;
        }
    }
}
