package io.v2ws.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.v2ws.WebSocketStream;
import io.v2ws.client.WebSocketTransportClient;
import io.v2ws.testing.Background;
import io.v2ws.testing.Bytes;
import io.v2ws.testing.RawWebSocketPeer;
import io.v2ws.testing.peers.EarlyDataMode;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Silence behind the proxies of {@code docs/proxies}; all at the same time. */
class ProxiesSoak {
    private static final Duration SILENCE = Duration.ofSeconds(150);

    @Test
    @Timeout(300)
    void silenceEndsNoTunnelWithPingsAndOneWithoutPingsAsThePageSays() throws Exception {
        Map<String, CompletableFuture<?>> tunnels = new LinkedHashMap<>();
        try (ProxyBackend serve = new ProxyBackend(ProxyBackend.Kind.SERVE);
                ProxyBackend war = new ProxyBackend(ProxyBackend.Kind.WAR)) {
            for (ReverseProxy proxy : ReverseProxy.values()) {
                tunnels.put(proxy + " before serve", Background.run(() -> staySilent(proxy, serve)));
                tunnels.put(proxy + " before the WAR", Background.run(() -> staySilent(proxy, war)));
                tunnels.put(proxy + " without pings", Background.run(() -> endSilently(proxy, serve)));
            }
            for (Map.Entry<String, CompletableFuture<?>> tunnel : tunnels.entrySet()) {
                assertThat(tunnel.getValue()).as(tunnel.getKey()).succeedsWithin(200, TimeUnit.SECONDS);
            }
        }
    }

    private static void staySilent(ReverseProxy proxy, ProxyBackend backend) throws Exception {
        byte[] question = Bytes.utf8("anybody there?");
        echoForEver(backend);
        try (ProxiedTunnel tunnel = ProxiedTunnel.to(backend.port(), proxy);
                WebSocketTransportClient client =
                        tunnel.client(ProxyBackend.path(EarlyDataMode.NONE), EarlyDataMode.NONE);
                WebSocketStream stream = client.connect().get(10, TimeUnit.SECONDS)) {
            CompletableFuture<byte[]> answer =
                    Background.supply(() -> stream.asInputStream().readNBytes(question.length));
            assertThatThrownBy(() -> answer.get(SILENCE.toSeconds(), TimeUnit.SECONDS))
                    .isInstanceOf(TimeoutException.class);
            OutputStream out = stream.asOutputStream();
            out.write(question);
            out.flush();
            assertThat(answer).succeedsWithin(10, TimeUnit.SECONDS).isEqualTo(question);
        }
    }

    private static void endSilently(ReverseProxy proxy, ProxyBackend backend) throws Exception {
        Duration expected = DeployPage.limits(proxy).silence();
        echoForEver(backend);
        try (ProxiedTunnel tunnel = ProxiedTunnel.to(backend.port(), proxy);
                RawWebSocketPeer peer = tunnel.connect("127.0.0.1")) {
            peer.setTimeoutMillis((int) SILENCE.toMillis());
            peer.upgrade(ProxyBackend.SILENT);
            long start = System.nanoTime();
            if (expected == null) {
                assertThatThrownBy(peer::readFrame).isInstanceOf(SocketTimeoutException.class);
            } else {
                peer.readFrame();
                assertThat(Duration.ofNanos(System.nanoTime() - start)).isCloseTo(expected, Duration.ofSeconds(3));
            }
        }
    }

    /** The service behind the next tunnel does not give up. */
    private static void echoForEver(ProxyBackend backend) {
        backend.upstream().next(socket -> {
            socket.setSoTimeout(0);
            return Upstream.echoUntilEnd(socket);
        });
    }
}
