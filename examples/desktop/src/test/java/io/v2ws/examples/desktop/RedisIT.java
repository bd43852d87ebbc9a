package io.v2ws.examples.desktop;

import static org.assertj.core.api.Assertions.assertThat;

import io.v2ws.client.WebSocketTransportClient;
import io.v2ws.testing.peers.FreePorts;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import redis.embedded.RedisServer;

/** The clients of Redis through a tunnel. */
@Timeout(60)
class RedisIT {
    private static RedisServer server;
    private static TunnelTo tunnel;

    @BeforeAll
    static void start() throws Exception {
        int port = FreePorts.next();
        server = RedisServer.newRedisServer().port(port).bind("127.0.0.1").build();
        server.start();
        tunnel = new TunnelTo(port);
    }

    @AfterAll
    static void stop() throws Exception {
        tunnel.close();
        server.stop();
    }

    @Test
    void jedisStoresAndReads() throws Exception {
        try (WebSocketTransportClient client = tunnel.client()) {
            assertThat(JedisExample.setAndGet(client, "jedis", "hello")).isEqualTo("hello");
        }
    }

    @Test
    void lettuceStoresAndReads() throws Exception {
        try (WebSocketTransportClient client = tunnel.client()) {
            assertThat(LettuceExample.setAndGet(client, "lettuce", "hello")).isEqualTo("hello");
        }
    }
}
