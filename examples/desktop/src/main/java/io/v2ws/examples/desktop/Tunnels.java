package io.v2ws.examples.desktop;

import io.v2ws.WebSocketTransportOptions;
import io.v2ws.client.WebSocketTransportClient;
import java.io.IOException;

/** The client of the examples; a program makes one and shares it. */
final class Tunnels {
    private Tunnels() {}

    static WebSocketTransportClient client(String url) throws IOException {
        // snippet client
        WebSocketTransportOptions options =
                WebSocketTransportOptions.builder().maxEarlyData(2048).build(); // as the server expects it
        return WebSocketTransportClient.builder(url).options(options).build(); // wss://example.com/tunnel
        // end
    }
}
