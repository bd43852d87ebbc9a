package io.v2ws.server.standalone;

import io.v2ws.HostAndPort;
import io.v2ws.WebSocketEngine;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.internal.net.ListenSockets;
import io.v2ws.internal.tls.PemFiles;
import io.v2ws.server.EchoHandler;
import io.v2ws.server.TcpForwarder;
import io.v2ws.server.WebSocketUpgradeFilter;
import io.v2ws.tcp.AddressOrder;
import io.v2ws.tcp.TcpKeepAlive;
import jakarta.servlet.Servlet;
import java.io.IOException;
import java.net.UnknownHostException;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.Provider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.util.IO;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A web server for tunnels: the Jetty that the command {@code v2ws serve} runs, with its selectors, deadlines
 * and TLS. Every request that is not for a tunnel gets an empty 404, unless there is a site ({@link Builder#site}).
 *
 * <pre>{@code
 * var options = WebSocketTransportOptions.builder().path("/ssh").maxEarlyData(2048).build();
 * TunnelServer server = TunnelServer.builder(HostAndPort.parse("0.0.0.0:443"))
 *         .tls(Path.of("fullchain.pem"), Path.of("privkey.pem"))
 *         .tunnel(Tunnel.forward(options, HostAndPort.parse("127.0.0.1:22")))
 *         .start();
 * }</pre>
 *
 * <p>All threads are daemons. Safe for any thread.
 */
public final class TunnelServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TunnelServer.class);

    private final ServerSettings settings;
    private final SiteServer jetty;

    private TunnelServer(ServerSettings settings, List<ServerSocketChannel> listening) throws IOException {
        this.settings = settings;
        this.jetty = new SiteServer(settings, listening);
    }

    /**
     * Starts to make a server.
     *
     * @param listen the address to listen on; port 0 takes a free port. A name is looked up at the start; the server
     *     listens on all its addresses that this machine has ({@code localhost}: mostly 127.0.0.1 and ::1)
     */
    public static Builder builder(HostAndPort listen) {
        return new Builder(listen);
    }

    /** Starts Jetty. A failure stops what has been started. */
    private void start() throws IOException {
        try {
            jetty.start();
        } catch (IOException x) {
            close();
            Throwable cause = x.getCause() == null ? x : x.getCause();
            throw new IOException("cannot listen on " + settings.listen() + ": " + cause.getMessage(), x);
        } catch (Exception x) {
            close();
            throw new IOException("cannot start the server on " + settings.listen() + ": " + x.getMessage(), x);
        } catch (Error x) {
            close();
            throw x;
        }
    }

    /** Returns the address the server listens on, with the port that was taken; the first of {@link #addresses}. */
    public HostAndPort address() {
        return addresses().get(0);
    }

    /** Returns all addresses the server listens on, with the port that was taken. */
    public List<HostAndPort> addresses() {
        return jetty.tunnelConnector().addresses();
    }

    /** Returns the port the server listens on. */
    public int port() {
        return jetty.tunnelConnector().getLocalPort();
    }

    /** Returns whether clients connect through TLS. */
    public boolean isSecure() {
        return settings.tls() != null;
    }

    /** Returns the tunnels in the order in which a request is compared with them: the longest path first. */
    public List<Tunnel> tunnels() {
        return settings.tunnels();
    }

    /**
     * Stops listening and ends the tunnels: clients get Close 1001, services a reset behind what was written. Waits
     * for this as long as the longest {@link WebSocketTransportOptions#resetDelay} and one second. Blocking; may be
     * called again.
     */
    @Override
    public void close() {
        try {
            jetty.stop();
        } catch (TimeoutException cut) {
            LOG.debug("Connections were cut that did not end within {} ms", jetty.getStopTimeout());
        } catch (Exception x) {
            LOG.warn("The server did not stop in order: {}", x.toString());
        }
    }

    /** Makes a server. Every setter checks its argument. Not safe for more than one thread. */
    public static final class Builder {
        private final HostAndPort listen;
        private final List<Tunnel> tunnels = new ArrayList<>();
        private KeyStore keyStore;
        private String keyStorePassword;
        private Provider tlsProvider;
        private WebSocketEngine engine = WebSocketEngine.DIRECT;
        private Duration connectTimeout = TcpForwarder.DEFAULT_CONNECT_TIMEOUT;
        private Duration handshakeTimeout = Duration.ofSeconds(10);
        private TcpKeepAlive tcpKeepAlive = TcpKeepAlive.DEFAULT;
        private AddressOrder addressOrder = AddressOrder.SYSTEM;
        private Servlet site;
        private String healthPath;

        private Builder(HostAndPort listen) {
            this.listen = Objects.requireNonNull(listen, "listen");
        }

        /** Adds a tunnel. A server needs at least one. */
        public Builder tunnel(Tunnel tunnel) {
            tunnels.add(Objects.requireNonNull(tunnel, "tunnel"));
            return this;
        }

        /**
         * Has clients connect through TLS. Default no TLS. The files are read now.
         *
         * @param certificates PEM file with the server's certificate and its intermediates, in any order
         * @param key PEM file with the private key, without a password; may be the same file
         * @throws IOException if a file cannot be read, or the key does not belong to the certificate
         */
        public Builder tls(Path certificates, Path key) throws IOException {
            PemFiles.KeyStoreWithPassword identity = PemFiles.keyStore(certificates, key);
            return tls(identity.keyStore(), identity.password());
        }

        /**
         * Has clients connect through TLS. Default no TLS.
         *
         * @param keyStore with certificate chain and private key
         * @param password of the key store and of the key
         */
        public Builder tls(KeyStore keyStore, String password) {
            this.keyStore = Objects.requireNonNull(keyStore, "keyStore");
            this.keyStorePassword = Objects.requireNonNull(password, "password");
            return this;
        }

        /**
         * Sets the security provider that implements TLS, such as Conscrypt, which is faster than the JVM's. It need
         * not be installed. Default null, the JVM's own. Has no effect without TLS.
         */
        public Builder tlsProvider(Provider provider) {
            this.tlsProvider = provider;
            return this;
        }

        /**
         * Sets what implements the WebSocket framing. Default {@link WebSocketEngine#DIRECT}.
         *
         * @throws IllegalArgumentException for {@link WebSocketEngine#SERVLET}, which is for other containers
         */
        public Builder engine(WebSocketEngine engine) {
            if (engine == WebSocketEngine.SERVLET) {
                throw new IllegalArgumentException("engine: expected DIRECT or JETTY, got SERVLET");
            }
            this.engine = Objects.requireNonNull(engine, "engine");
            return this;
        }

        /** Sets the time for the name look-up and the connect to a service together. At least 1 ms; default 10 s. */
        public Builder connectTimeout(Duration timeout) {
            this.connectTimeout = requireMillis("connectTimeout", timeout);
            return this;
        }

        /**
         * Sets the time for TLS handshake and request head together, from the accept on, and from a response of the
         * site to the end of the next request head. Slower clients are cut. At least 1 ms; default 10 s.
         */
        public Builder handshakeTimeout(Duration timeout) {
            this.handshakeTimeout = requireMillis("handshakeTimeout", timeout);
            return this;
        }

        /** Sets the TCP keepalive of the connections from clients and to services. */
        public Builder tcpKeepAlive(TcpKeepAlive keepAlive) {
            this.tcpKeepAlive = Objects.requireNonNull(keepAlive, "tcpKeepAlive");
            return this;
        }

        /** Sets the order in which the addresses of a service are tried. Default {@link AddressOrder#SYSTEM}. */
        public Builder addressOrder(AddressOrder order) {
            this.addressOrder = Objects.requireNonNull(order, "addressOrder");
            return this;
        }

        /**
         * Sets the ordinary site, which gets every request that is for no tunnel, upgrades too: a {@link
         * io.v2ws.server.FolderSite}, a proxy servlet, or any other. It may be asynchronous. The server starts and
         * stops the servlet. Default none: an empty 404. With a site, connections stay open between requests, and no
         * request is handled on a selector thread, so opening a tunnel takes a little longer.
         */
        public Builder site(Servlet servlet) {
            this.site = Objects.requireNonNull(servlet, "site");
            return this;
        }

        /**
         * Answers {@code path/live} and {@code path/ready} with 200 while the server runs, see {@link
         * io.v2ws.server.WebSocketUpgradeFilter.Builder#healthPath}. Default none.
         *
         * @throws IllegalArgumentException if it is no such path
         */
        public Builder healthPath(String path) {
            // The filter checks it: here, rather than at the start of the server.
            WebSocketUpgradeFilter.builder(WebSocketTransportOptions.defaults(), new EchoHandler())
                    .healthPath(path);
            this.healthPath = path;
            return this;
        }

        private static Duration requireMillis(String option, Duration time) {
            if (time.compareTo(Duration.ofMillis(1)) < 0) {
                throw new IllegalArgumentException(option + ": expected 1ms or more");
            }
            return time;
        }

        /**
         * Starts the server. Blocking: looks up the address to listen on.
         *
         * @throws IOException if the server cannot listen on the address or cannot start; nothing stays behind
         * @throws IllegalArgumentException if there is no tunnel
         */
        public TunnelServer start() throws IOException {
            if (tunnels.isEmpty()) {
                throw new IllegalArgumentException("tunnel: expected at least one, got none");
            }
            ServerTls tls = keyStore == null ? null : new ServerTls(keyStore, keyStorePassword, tlsProvider);
            ServerSettings settings = new ServerSettings(
                    listen,
                    tls,
                    tunnels,
                    engine,
                    connectTimeout,
                    handshakeTimeout,
                    tcpKeepAlive,
                    addressOrder,
                    site,
                    healthPath);
            List<ServerSocketChannel> listening = listening();
            TunnelServer server;
            try {
                server = new TunnelServer(settings, listening);
            } catch (IOException | RuntimeException x) {
                listening.forEach(IO::close);
                throw x;
            }
            server.start();
            return server;
        }

        private List<ServerSocketChannel> listening() throws IOException {
            try {
                return ListenSockets.bind(listen.host(), listen.port(), TunnelConnector.BACKLOG);
            } catch (IOException x) {
                String reason = x instanceof UnknownHostException ? "unknown host" : x.getMessage();
                throw new IOException("cannot listen on " + listen.toDisplayString() + ": " + reason, x);
            }
        }
    }
}
