package io.v2ws.examples.desktop;

import io.v2ws.WebSocketStream;
import io.v2ws.client.WebSocketTransportClient;
import io.v2ws.tcp.TcpConnector;
import java.util.ArrayList;
import java.util.List;

/** Clients of several servers that share threads, timers and buffers. */
public final class ManyClientsExample {
    private ManyClientsExample() {}

    /** Opens a tunnel to each of the URLs and prints its local address. */
    public static void main(String[] urls) throws Exception {
        addresses(List.of(urls)).forEach(System.out::println);
    }

    static List<String> addresses(List<String> urls) throws Exception {
        List<String> addresses = new ArrayList<>();
        // snippet shared-connector
        TcpConnector connector = new TcpConnector();
        connector.start();
        try {
            for (String url : urls) {
                try (WebSocketTransportClient client = WebSocketTransportClient.builder(url)
                                .connector(connector)
                                .build();
                        WebSocketStream stream = client.connect().get()) {
                    addresses.add(stream.localAddress().toString());
                }
            }
        } finally {
            connector.stop(); // after the last client
        }
        // end
        return addresses;
    }
}
