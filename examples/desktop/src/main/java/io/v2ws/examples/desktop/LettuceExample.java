package io.v2ws.examples.desktop;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.v2ws.client.LocalForwarder;
import io.v2ws.client.WebSocketTransportClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Lettuce. It opens its connections with Netty and takes no socket factory, so it needs a local port. */
public final class LettuceExample {
    private LettuceExample() {}

    /** Stores a value in the server behind the tunnel and prints it. */
    public static void main(String[] args) throws IOException {
        try (WebSocketTransportClient client = Tunnels.client(args[0])) {
            System.out.println(setAndGet(client, "greeting", "hello"));
        }
    }

    static String setAndGet(WebSocketTransportClient client, String key, String value) throws IOException {
        // snippet lettuce
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (LocalForwarder forwarder = LocalForwarder.start(client, anyPort)) {
            int port = forwarder.localAddress().getPort();
            RedisClient redis = RedisClient.create(RedisURI.create("127.0.0.1", port));
            try (StatefulRedisConnection<String, String> connection = redis.connect()) {
                connection.sync().set(key, value);
                return connection.sync().get(key);
            } finally {
                redis.shutdown();
            }
        }
        // end
    }
}
