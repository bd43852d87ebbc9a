package io.v2ws.testing;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.function.Consumer;
import org.eclipse.jetty.ee11.servlet.FilterHolder;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.ee11.websocket.server.config.JettyWebSocketServletContainerInitializer;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * A Jetty server on 127.0.0.1 with one servlet context, WebSocket support and an ordinary site, which answers every
 * path below the context with 200 and the text {@code site:} followed by the undecoded request URI.
 */
public final class EmbeddedJetty implements AutoCloseable {

    private final Server server;
    private final ServerConnector connector;
    private final ArrayByteBufferPool.Tracking bufferPool;

    private EmbeddedJetty(Builder builder) {
        QueuedThreadPool threads = new QueuedThreadPool();
        threads.setName("embedded-jetty");
        this.bufferPool = new ArrayByteBufferPool.Tracking();
        this.server = new Server(threads, null, bufferPool);
        this.connector = builder.connector(server);
        server.addConnector(connector);
        server.setHandler(builder.context());
    }

    /** Starts describing a server. */
    public static Builder builder() {
        return new Builder();
    }

    public int port() {
        return connector.getLocalPort();
    }

    public InetSocketAddress address() {
        return Sockets.loopback(port());
    }

    /** Returns the server. */
    public Server server() {
        return server;
    }

    /** Returns the buffer pool, to be handed to {@link LeakCheck#assertNoLeakedBuffers} when all is closed. */
    public ArrayByteBufferPool.Tracking bufferPool() {
        return bufferPool;
    }

    /** Stops the server. */
    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("Jetty did not stop", e);
        }
    }

    /** Makes the connector of a server with TLS. */
    @FunctionalInterface
    public interface TlsConnectorMaker {
        ServerConnector make(Server server, SslContextFactory.Server tls, HttpConnectionFactory http1);
    }

    /** What the server should have. Every method changes this object and returns it. */
    public static final class Builder {

        private final HttpConfiguration http = new HttpConfiguration();
        private final List<Filter> filters = new ArrayList<>();
        private final List<Consumer<ServletContextHandler>> contextHooks = new ArrayList<>();
        private String contextPath = "/";
        private SslContextFactory.Server ssl;
        private TlsConnectorMaker tlsConnector = (server, tls, http1) ->
                new ServerConnector(server, new SslConnectionFactory(tls, http1.getProtocol()), http1);

        private Builder() {}

        /** Sets the context path, {@code /} at first. */
        public Builder contextPath(String path) {
            this.contextPath = path;
            return this;
        }

        /** Adds a filter for every path, behind those added before; it may be asynchronous. */
        public Builder filter(Filter filter) {
            filters.add(filter);
            return this;
        }

        /** Changes the servlet context before it starts, for instance to add servlets. */
        public Builder configureContext(Consumer<ServletContextHandler> hook) {
            contextHooks.add(hook);
            return this;
        }

        /** Changes the HTTP configuration, at once. */
        public Builder configureHttp(Consumer<HttpConfiguration> hook) {
            hook.accept(http);
            return this;
        }

        /** Speaks TLS with the key of a PKCS 12 store. */
        public Builder tls(Path keyStore, String password) {
            SslContextFactory.Server factory = new SslContextFactory.Server();
            factory.setKeyStorePath(keyStore.toString());
            factory.setKeyStorePassword(password);
            return tls(factory);
        }

        /** Speaks TLS as configured. */
        public Builder tls(SslContextFactory.Server factory) {
            this.ssl = factory;
            return this;
        }

        /** Speaks TLS through another connector than Jetty's own. */
        public Builder tlsConnector(TlsConnectorMaker maker) {
            this.tlsConnector = maker;
            return this;
        }

        /** Starts the server. */
        public EmbeddedJetty start() {
            EmbeddedJetty jetty = new EmbeddedJetty(this);
            try {
                jetty.server.start();
                return jetty;
            } catch (Exception e) {
                jetty.close();
                throw new IllegalStateException("Jetty did not start", e);
            }
        }

        private ServerConnector connector(Server server) {
            ServerConnector connector;
            if (ssl == null) {
                connector = new ServerConnector(server, new HttpConnectionFactory(http));
            } else {
                // Without the check of the name: it would answer 400 to tests that connect by address.
                http.addCustomizer(new SecureRequestCustomizer(false));
                connector = tlsConnector.make(server, ssl, new HttpConnectionFactory(http));
            }
            connector.setHost("127.0.0.1");
            return connector;
        }

        private ServletContextHandler context() {
            ServletContextHandler context = new ServletContextHandler();
            context.setContextPath(contextPath);
            JettyWebSocketServletContainerInitializer.configure(context, null);
            for (Filter filter : filters) {
                FilterHolder holder = new FilterHolder(filter);
                holder.setAsyncSupported(true);
                context.addFilter(holder, "/*", EnumSet.of(DispatcherType.REQUEST));
            }
            ServletHolder site = new ServletHolder("site", new SiteServlet());
            site.setAsyncSupported(true);
            context.addServlet(site, "/*");
            contextHooks.forEach(hook -> hook.accept(context));
            return context;
        }
    }
}
