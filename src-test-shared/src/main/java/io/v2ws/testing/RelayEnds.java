package io.v2ws.testing;

import java.io.IOException;
import java.net.Socket;

/**
 * Both sides of one relay of the product.
 *
 * @param peer the raw end of the WebSocket
 * @param tcp the far end of the TCP connection
 */
public record RelayEnds(RawWebSocketPeer peer, Socket tcp) implements AutoCloseable {

    @Override
    public void close() throws IOException {
        peer.close();
        tcp.close();
    }
}
