package io.v2ws.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.v2ws.WebSocketEngine;
import io.v2ws.internal.net.AddressResolver;
import io.v2ws.testing.FullBacklog;
import io.v2ws.testing.JettyEngines;
import io.v2ws.testing.LeakCheck;
import io.v2ws.testing.TestCertificates;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers and proxies with several addresses (C24). */
@Timeout(60)
@ExtendWith(LeakCheck.class)
class HappyEyeballsTest {
    private static final String GOOD = "127.0.0.1";
    private static final String DEAD = "127.0.0.2";
    private static final String REFUSES = "127.0.0.3";

    @RegisterExtension
    final ClientFixture fixture = new ClientFixture();

    /** Returns a builder for a client that knows only these addresses. */
    private WebSocketTransportClient.Builder builder(String url, String... addresses) {
        return fixture.builder(url).resolver(new AddressResolver(name -> addresses(addresses)));
    }

    private static InetAddress[] addresses(String... literals) throws UnknownHostException {
        if (literals.length == 0) {
            throw new UnknownHostException();
        }
        List<InetAddress> addresses = new ArrayList<>();
        for (String literal : literals) {
            addresses.add(InetAddress.getByName(literal));
        }
        return addresses.toArray(InetAddress[]::new);
    }

    private void dead(int port) throws Exception {
        fixture.keep(new FullBacklog(InetAddress.getByName(DEAD), port));
    }

    private static long millisSince(long start) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    }

    @ParameterizedTest
    @JettyEngines
    void c24_addressThatDoesNotAnswerCostsAQuarterOfASecondOnce(WebSocketEngine engine) throws Exception {
        PeerServer server = fixture.server();
        dead(server.port());
        WebSocketTransportClient client = fixture.keep(builder("ws://tunnel.test:" + server.port() + "/t", DEAD, GOOD)
                .engine(engine)
                .build());
        long start = System.nanoTime();
        CompletableFuture<?> first = client.connect();
        server.acceptUpgrade();
        Streams.get(first);
        assertThat(millisSince(start)).isBetween(250L, 5_000L);

        for (int i = 0; i < 3; i++) {
            start = System.nanoTime();
            CompletableFuture<?> next = client.connect();
            server.acceptUpgrade();
            Streams.get(next);
            assertThat(millisSince(start)).isLessThan(250);
        }
        server.expectNoConnection();
    }

    @Test
    void c24_tlsNamesTheServerWhicheverAddressWins() throws Exception {
        PeerServer server = fixture.server();
        dead(server.port());
        WebSocketTransportClient client = fixture.keep(builder("wss://localhost:" + server.port(), DEAD, GOOD)
                .tls(TlsOptions.builder().caFile(TestCertificates.get().caPem()).build())
                .build());
        CompletableFuture<?> connecting = client.connect();
        TlsServer.Hello hello = new TlsServer(TestCertificates.get().server()).handshake(server.acceptSocket());
        hello.peer().acceptUpgrade(PeerServer.request(hello.peer()).request(), List.of());
        Streams.get(connecting);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "socks5"})
    void c24_proxyIsConnectedToInTheSameWay(String scheme) throws Exception {
        PeerServer proxy = fixture.server();
        dead(proxy.port());
        WebSocketTransportClient client = fixture.keep(builder("ws://tunnel.example/t", DEAD, GOOD)
                .proxy(scheme + "://proxy.test:" + proxy.port())
                .build());
        CompletableFuture<?> connecting = client.connect();
        int first = proxy.acceptSocket().getInputStream().read();
        assertThat(first).isEqualTo(scheme.equals("http") ? 'C' : 5);
        connecting.cancel(true);
    }

    @Test
    void c24_warmConnectionsToo() throws Exception {
        PeerServer server = fixture.server();
        dead(server.port());
        fixture.keep(builder("ws://tunnel.test:" + server.port() + "/t", DEAD, GOOD)
                .preconnect(1)
                .build());
        server.acceptSocket();
    }

    @Test
    void c24_errorNamesEveryAddressAndItsReason() throws Exception {
        PeerServer server = fixture.server();
        dead(server.port());
        WebSocketTransportClient client =
                fixture.keep(builder("ws://tunnel.test:" + server.port() + "/t", DEAD, REFUSES)
                        .options(ClientFixture.options()
                                .path("/t")
                                .handshakeTimeout(Duration.ofMillis(700))
                                .build())
                        .build());
        assertThat(Streams.failureOf(client.connect()))
                .isInstanceOf(SocketTimeoutException.class)
                .hasMessage("no tunnel to ws://tunnel.test:" + server.port()
                        + "/t within 700 ms: TCP: 127.0.0.2 no answer; 127.0.0.3 Connection refused");
    }

    @ParameterizedTest
    @JettyEngines
    void c24_ifAllRefuseTheErrorNamesThemAll(WebSocketEngine engine) throws Exception {
        PeerServer server = fixture.server();
        String url = "ws://tunnel.test:" + server.port();
        server.close();
        WebSocketTransportClient client =
                fixture.keep(builder(url, GOOD, REFUSES).engine(engine).build());
        assertThat(Streams.failureOf(client.connect()))
                .isInstanceOf(ConnectException.class)
                .hasMessage("cannot connect to " + url + ": 127.0.0.1 Connection refused; 127.0.0.3 Connection refused")
                .hasNoCause();
    }

    @Test
    void aProxyThatRefusesIsNamed() throws Exception {
        PeerServer proxy = fixture.server();
        String url = "http://proxy.test:" + proxy.port();
        proxy.close();
        WebSocketTransportClient client =
                fixture.keep(builder("ws://tunnel.test", GOOD).proxy(url).build());
        assertThat(Streams.failureOf(client.connect()))
                .isInstanceOf(ConnectException.class)
                .hasMessage("cannot connect to the proxy " + url + ": 127.0.0.1 Connection refused");
    }

    @ParameterizedTest
    @JettyEngines
    void aNameWithoutAnAddressIsToldWithItsUrl(WebSocketEngine engine) throws Exception {
        WebSocketTransportClient client =
                fixture.keep(builder("ws://tunnel.test").engine(engine).build());
        assertThat(Streams.failureOf(client.connect()))
                .isInstanceOf(UnknownHostException.class)
                .hasMessage("cannot find the address of ws://tunnel.test:80")
                .hasNoCause();
    }

    @Test
    void aTunnelThatIsCancelledTriesNoOtherAddress() throws Exception {
        PeerServer server = fixture.server();
        dead(server.port());
        List<String> tried = new CopyOnWriteArrayList<>();
        WebSocketTransportClient client = fixture.keep(builder("ws://tunnel.test:" + server.port(), DEAD, GOOD)
                .handshakeListener(new HandshakeListener() {
                    @Override
                    public void onConnecting(InetSocketAddress address) {
                        tried.add(address.getAddress().getHostAddress());
                    }
                })
                .build());
        CompletableFuture<?> connecting = client.connect();
        await().until(() -> !tried.isEmpty());
        connecting.cancel(true);
        server.expectNoConnection();
        assertThat(tried).containsExactly(DEAD);
    }

    @Test
    void aListenerHearsOfTheAddressThatLost() throws Exception {
        PeerServer server = fixture.server();
        dead(server.port());
        List<String> heard = new CopyOnWriteArrayList<>();
        WebSocketTransportClient client = fixture.keep(builder("ws://tunnel.test:" + server.port(), DEAD, GOOD)
                .handshakeListener(new HandshakeListener() {
                    @Override
                    public void onResolved(List<InetSocketAddress> addresses) {
                        heard.add("resolved " + addresses.size());
                    }

                    @Override
                    public void onConnecting(InetSocketAddress address) {
                        heard.add("connecting " + address.getAddress().getHostAddress());
                    }

                    @Override
                    public void onConnectFailed(InetSocketAddress address, Throwable cause) {
                        heard.add("failed " + address.getAddress().getHostAddress() + " "
                                + cause.getMessage().replaceAll("[0-9]+", "N"));
                    }

                    @Override
                    public void onConnected(InetSocketAddress address) {
                        heard.add("connected " + address.getAddress().getHostAddress());
                    }
                })
                .build());
        CompletableFuture<?> connecting = client.connect();
        server.acceptUpgrade();
        Streams.get(connecting);
        assertThat(heard)
                .isEqualTo(Arrays.asList(
                        "resolved 2",
                        "connecting " + DEAD,
                        "connecting " + GOOD,
                        "failed " + DEAD + " no answer within N ms, another address was faster",
                        "connected " + GOOD));
    }
}
