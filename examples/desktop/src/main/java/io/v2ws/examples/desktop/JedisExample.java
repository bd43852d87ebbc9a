package io.v2ws.examples.desktop;

import io.v2ws.client.WebSocketTransportClient;
import io.v2ws.client.socket.TunnelSocketFactory;
import java.io.IOException;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisSocketFactory;
import redis.clients.jedis.exceptions.JedisConnectionException;

/** Jedis. */
public final class JedisExample {
    private JedisExample() {}

    /** Stores a value in the server behind the tunnel and prints it. */
    public static void main(String[] args) throws IOException {
        try (WebSocketTransportClient client = Tunnels.client(args[0])) {
            System.out.println(setAndGet(client, "greeting", "hello"));
        }
    }

    static String setAndGet(WebSocketTransportClient client, String key, String value) {
        // snippet jedis
        TunnelSocketFactory tunnels = new TunnelSocketFactory(client);
        JedisSocketFactory sockets = () -> {
            try {
                return tunnels.createSocket("redis", 6379);
            } catch (IOException x) {
                throw new JedisConnectionException(x);
            }
        };
        try (Jedis jedis = new Jedis(sockets)) {
            jedis.set(key, value);
            return jedis.get(key);
        }
        // end
    }
}
