package io.v2ws.client.socket;

import java.util.Properties;

/**
 * Tunnels for PostgreSQL's JDBC driver, which makes its factory itself, from the name of this class:
 *
 * <pre>{@code
 * jdbc:postgresql://localhost/orders?socketFactory=io.v2ws.client.socket.PostgresSocketFactory&socketFactoryArg=wss://example.com/tunnel
 * }</pre>
 *
 * <p>The tunnel decides which server is reached. The driver looks the host of its URL up all the same, so {@code
 * localhost} is a good one. {@code connectTimeout} bounds the handshake of the tunnel too.
 *
 * <p>The options of the tunnel are connection properties; of these only the URL is required:
 *
 * <ul>
 *   <li>{@code v2ws.client.url}, or the driver's {@code socketFactoryArg}: {@code ws://} or {@code wss://}
 *   <li>{@code v2ws.client.maxEarlyData}, {@code v2ws.client.earlyDataHeaderName}: as the server expects it
 *   <li>{@code v2ws.client.handshakeTimeout}, {@code v2ws.client.pingInterval}, {@code v2ws.client.serverFirstWait}:
 *       durations such as {@code 15s}; {@code v2ws.client.serverFirstLearning}: {@code false} turns it off
 *   <li>{@code v2ws.client.header.NAME}: a header of the upgrade request
 *   <li>{@code v2ws.client.dial}, {@code v2ws.client.proxy}, {@code v2ws.client.preconnect}: as in the builder of
 *       {@link io.v2ws.client.WebSocketTransportClient}
 *   <li>{@code v2ws.client.tlsCa} (a PEM file), {@code v2ws.client.tlsPin}, {@code v2ws.client.tlsServerName}: as in
 *       {@link io.v2ws.client.TlsOptions}
 * </ul>
 *
 * <p>A failure is thrown by the first write that meets it. What the driver flushes behind that, when it closes the
 * connection, is dropped: it would only be logged as a second failure.
 *
 * <p>Factories with the same options share one client. The client starts with the first socket that connects and ends
 * 5 s after the last one was closed, with all its threads: nothing is left when the driver is dropped.
 */
public final class PostgresSocketFactory extends AbstractTunnelSocketFactory {
    /**
     * Makes a factory; the driver calls this.
     *
     * @param properties of the JDBC connection; those that are not the tunnel's are ignored
     * @throws IllegalArgumentException naming the property, what was expected and what came
     */
    public PostgresSocketFactory(Properties properties) {
        super(SharedClients.DRIVERS.source(
                DriverOptions.parse(properties, properties.getProperty("socketFactoryArg"))));
    }
}
