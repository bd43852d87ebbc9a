package io.v2ws.system;

import static org.awaitility.Awaitility.await;

import io.v2ws.WebSocketStream;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.client.TlsOptions;
import io.v2ws.client.WebSocketTransportClient;
import io.v2ws.testing.Background;
import io.v2ws.testing.Bytes;
import io.v2ws.testing.RawHandshake;
import io.v2ws.testing.RawWebSocketPeer;
import io.v2ws.testing.Sockets;
import io.v2ws.testing.TestCertificates;
import io.v2ws.testing.peers.EarlyDataMode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.core.ConditionTimeoutException;

/** A proxy in front of a server, and the ways to open a tunnel through it. */
final class ProxiedTunnel implements AutoCloseable {
    private static final int MUCH = 20_000_000;
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final ReverseProxy proxy;
    private final Workspace workspace;
    private final Program program;

    private ProxiedTunnel(ReverseProxy proxy, int backend) throws IOException {
        this.proxy = proxy;
        this.workspace = Workspace.of("proxy " + proxy + " " + COUNT.incrementAndGet());
        this.program = proxy.start(workspace, backend);
    }

    /** Starts a proxy in front of a server on a port of 127.0.0.1, and waits until it knows that it is there. */
    static ProxiedTunnel to(int backend, ReverseProxy proxy) throws IOException {
        ProxiedTunnel tunnel = new ProxiedTunnel(proxy, backend);
        RawHandshake visit = RawHandshake.raw("GET /tunnel HTTP/1.1\r\nHost: localhost\r\n\r\n");
        try {
            await(proxy + " to reach the server")
                    .until(() -> tunnel.answer(visit).equals("404"));
            return tunnel;
        } catch (ConditionTimeoutException x) {
            tunnel.workspace.keep();
            tunnel.close();
            throw x;
        }
    }

    /** Starts a proxy in front of a port of 127.0.0.1 on which nobody listens. */
    static ProxiedTunnel toNobody(int backend, ReverseProxy proxy) throws IOException {
        return new ProxiedTunnel(proxy, backend);
    }

    /** Makes a client of ours. */
    WebSocketTransportClient client(String path, EarlyDataMode mode) throws IOException {
        WebSocketTransportClient.Builder builder = WebSocketTransportClient.builder(
                        (proxy.tls() ? "wss" : "ws") + "://127.0.0.1:" + program.port() + path)
                .options(WebSocketTransportOptions.builder()
                        .maxEarlyData(mode.maxEarlyData())
                        .earlyDataHeaderName(mode.headerName())
                        .build());
        if (proxy.tls()) {
            builder.tls(
                    TlsOptions.builder().caFile(TestCertificates.get().caPem()).build());
        }
        return builder.build();
    }

    /** Connects a raw client from an address of this machine. */
    RawWebSocketPeer connect(String from) throws IOException {
        InetSocketAddress address = Sockets.loopback(program.port());
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(InetAddress.getByName(from), 0));
        socket.setTcpNoDelay(true);
        socket.connect(address);
        return proxy.tls() ? TestCertificates.get().connect(socket, address) : RawWebSocketPeer.client(socket);
    }

    /** Sends a request and returns the status of the answer, or {@code reset}. */
    String answer(RawHandshake request) throws IOException {
        return answer(connect("127.0.0.1"), request);
    }

    /** As above, on a connection that is closed then. */
    static String answer(RawWebSocketPeer connection, RawHandshake request) throws IOException {
        try (RawWebSocketPeer peer = connection) {
            return Integer.toString(peer.handshake(request).status());
        } catch (SocketException x) {
            return "reset";
        }
    }

    /** Sends much to the echo while much comes back, and fails unless it is the same. */
    void exchange(EarlyDataMode mode) throws Exception {
        try (WebSocketTransportClient client = client(ProxyBackend.path(mode), mode);
                WebSocketStream stream = client.connect().get(10, TimeUnit.SECONDS)) {
            byte[] payload = Bytes.random(7, MUCH);
            InputStream in = stream.asInputStream();
            OutputStream out = stream.asOutputStream();
            CompletableFuture<String> back = Background.supply(() -> Bytes.sha256(in.readNBytes(MUCH)));
            out.write(payload);
            out.flush();
            if (!back.get(60, TimeUnit.SECONDS).equals(Bytes.sha256(payload))) {
                throw new IOException("the bytes that came back are not those that were sent");
            }
        } catch (Exception x) {
            workspace.keep();
            throw x;
        }
    }

    @Override
    public void close() throws IOException {
        program.close();
        workspace.close();
    }
}
