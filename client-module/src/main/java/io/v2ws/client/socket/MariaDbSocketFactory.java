package io.v2ws.client.socket;

import java.util.Properties;

/**
 * Tunnels for MariaDB Connector/J, and for other libraries that make a {@code SocketFactory} from the name of a class
 * without passing it anything.
 *
 * <p>The options are those of {@link PostgresSocketFactory}. Where all connections take the same tunnel, they are
 * system properties:
 *
 * <pre>{@code
 * System.setProperty("v2ws.client.url", "wss://example.com/tunnel");
 * DriverManager.getConnection("jdbc:mariadb://localhost/orders?socketFactory=io.v2ws.client.socket.MariaDbSocketFactory");
 * }</pre>
 *
 * <p>For several tunnels, each has a subclass of its own, public and with a public constructor without arguments, whose
 * name stands in the URL instead:
 *
 * <pre>{@code
 * public final class OrdersTunnel extends MariaDbSocketFactory {
 *     public OrdersTunnel() {
 *         super(options());
 *     }
 *
 *     private static Properties options() {
 *         Properties options = new Properties();
 *         options.setProperty("v2ws.client.url", "wss://example.com/orders");
 *         return options;
 *     }
 * }
 * }</pre>
 *
 * <p>Factories with the same options share one client. The client starts with the first socket that connects and ends
 * 5 s after the last one was closed, with all its threads: nothing is left when the driver is dropped.
 */
public class MariaDbSocketFactory extends AbstractTunnelSocketFactory {
    /**
     * Makes a factory with the options of the system properties, as they are now; the driver calls this.
     *
     * @throws IllegalArgumentException naming the property, what was expected and what came
     */
    public MariaDbSocketFactory() {
        this(System.getProperties());
    }

    /**
     * Makes a factory for a subclass.
     *
     * @param options those that are not the tunnel's are ignored
     * @throws IllegalArgumentException naming the property, what was expected and what came
     */
    protected MariaDbSocketFactory(Properties options) {
        super(SharedClients.DRIVERS.source(DriverOptions.parse(options, null)));
    }
}
