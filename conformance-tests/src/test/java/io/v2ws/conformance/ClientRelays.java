package io.v2ws.conformance;

import io.v2ws.HostAndPort;
import io.v2ws.WebSocketEngine;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.client.LocalForwarder;
import io.v2ws.client.TlsOptions;
import io.v2ws.client.WebSocketTransportClient;
import io.v2ws.testing.LeakCheck;
import io.v2ws.testing.RawWebSocketPeer;
import io.v2ws.testing.RelayEnds;
import io.v2ws.testing.TestCertificates;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.HashMap;
import java.util.Map;

/** Plain local programs, our forwarder with its client, and raw servers; one client for each set of options. */
final class ClientRelays extends Relays {
    private final Map<WebSocketTransportOptions, LocalForwarder> forwarders = new HashMap<>();
    private final Map<WebSocketTransportOptions, WebSocketTransportClient> clients = new HashMap<>();

    ClientRelays(WebSocketEngine engine, boolean secure) throws Exception {
        super(engine, secure);
    }

    /** One at a time: the next connection of the server is that of the program that connected last. */
    @Override
    synchronized RelayEnds open(WebSocketTransportOptions options) throws Exception {
        LocalForwarder forwarder = forwarders.get(options);
        if (forwarder == null) {
            forwarder = start(options);
            forwarders.put(options, forwarder);
        }
        Socket tcp = new Socket(LOOPBACK, forwarder.localAddress().getPort());
        Socket accepted = listener.accept();
        RawWebSocketPeer peer = secure ? TestCertificates.get().accept(accepted) : RawWebSocketPeer.accept(accepted);
        peer.acceptUpgrade();
        return new RelayEnds(peer, tcp);
    }

    private LocalForwarder start(WebSocketTransportOptions options) throws Exception {
        WebSocketTransportClient client = WebSocketTransportClient.builder(
                        (secure ? "wss://localhost:" : "ws://127.0.0.1:") + listener.getLocalPort() + Rig.PATH)
                .options(options)
                .dial(new HostAndPort("127.0.0.1", listener.getLocalPort()))
                .tls(TlsOptions.builder().caFile(TestCertificates.get().caPem()).build())
                .connector(connector)
                .engine(engine)
                .build();
        clients.put(options, client);
        return LocalForwarder.start(client, new InetSocketAddress(LOOPBACK, 0));
    }

    @Override
    public void close() throws Exception {
        LeakCheck.assertNoLeakedBuffers(pool);
        forwarders.values().forEach(LocalForwarder::close);
        clients.values().forEach(WebSocketTransportClient::close);
        super.close();
    }
}
