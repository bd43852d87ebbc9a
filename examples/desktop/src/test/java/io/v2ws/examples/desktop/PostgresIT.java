package io.v2ws.examples.desktop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** PostgreSQL's driver through a tunnel. */
@Timeout(60)
class PostgresIT {
    @AfterAll
    static void noThreadIsLeftOfTheClients() {
        await().until(() -> ClientThreads.count() == 0);
    }

    @Test
    void theExampleQueriesTheServerBehindTheTunnel() throws Exception {
        try (EmbeddedPostgres server = EmbeddedPostgres.start();
                TunnelTo tunnel = new TunnelTo(server.getPort())) {
            assertThat(PostgresExample.version(tunnel.url())).startsWith("PostgreSQL 1");
        }
    }

    @Test
    void connectTimeoutBoundsTheFirstWriteWithEarlyData() throws Exception {
        assertFailsAfter(Duration.ofSeconds(2), "connectTimeout", "2");
    }

    @Test
    void theShorterOfConnectAndSocketTimeoutBoundsTheFirstWriteWithEarlyData() throws Exception {
        assertFailsAfter(Duration.ofSeconds(3), "connectTimeout", "3", "socketTimeout", "3");
    }

    /** Connects to a peer that accepts and says nothing. */
    private static void assertFailsAfter(Duration time, String... namesAndValues) throws IOException {
        Properties properties = new Properties();
        properties.setProperty("user", "postgres");
        properties.setProperty("socketFactory", "io.v2ws.client.socket.PostgresSocketFactory");
        properties.setProperty("v2ws.client.maxEarlyData", "2048");
        for (int i = 0; i < namesAndValues.length; i += 2) {
            properties.setProperty(namesAndValues[i], namesAndValues[i + 1]);
        }
        try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            properties.setProperty("socketFactoryArg", "ws://127.0.0.1:" + silent.getLocalPort() + "/tunnel");
            long start = System.nanoTime();
            assertThatThrownBy(() -> DriverManager.getConnection("jdbc:postgresql://localhost/postgres", properties))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("connection attempt failed");
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isBetween(time.minusMillis(100), time.plusMillis(1500));
        }
    }
}
