package io.v2ws.conformance;

import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.servlet.Servlets;
import io.undertow.servlet.api.DeploymentInfo;
import io.undertow.servlet.api.DeploymentManager;
import io.undertow.servlet.util.ImmediateInstanceFactory;
import io.v2ws.testing.EmbeddedJetty;
import io.v2ws.testing.TestCertificates;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletException;
import java.net.InetSocketAddress;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.coyote.AbstractProtocol;
import org.apache.tomcat.util.descriptor.web.FilterDef;
import org.apache.tomcat.util.descriptor.web.FilterMap;
import org.apache.tomcat.util.net.SSLHostConfig;
import org.apache.tomcat.util.net.SSLHostConfigCertificate;
import org.eclipse.jetty.io.ArrayByteBufferPool;

/** A servlet container with one filter for every path. */
interface ServletServer extends AutoCloseable {
    InetSocketAddress address();

    /** The buffers of its tunnels, where these are the container's. */
    ArrayByteBufferPool.Tracking bufferPool();

    @Override
    void close();

    /** Which container. */
    enum Container {
        JETTY {
            @Override
            ServletServer start(Filter filter) {
                EmbeddedJetty jetty = EmbeddedJetty.builder().filter(filter).start();
                return new ServletServer() {
                    @Override
                    public InetSocketAddress address() {
                        return jetty.address();
                    }

                    @Override
                    public ArrayByteBufferPool.Tracking bufferPool() {
                        return jetty.bufferPool();
                    }

                    @Override
                    public void close() {
                        jetty.close();
                    }
                };
            }
        },
        TOMCAT {
            @Override
            ServletServer start(Filter filter) {
                return EmbeddedTomcat.start(filter, null);
            }
        },
        UNDERTOW {
            @Override
            ServletServer start(Filter filter) {
                return EmbeddedUndertow.start(filter);
            }
        };

        abstract ServletServer start(Filter filter);
    }

    /** Tomcat with nothing else in it. */
    final class EmbeddedTomcat implements ServletServer {
        private final Tomcat tomcat;
        private final ArrayByteBufferPool.Tracking none = new ArrayByteBufferPool.Tracking();

        private EmbeddedTomcat(Tomcat tomcat) {
            this.tomcat = tomcat;
        }

        /**
         * Starts Tomcat on a free port.
         *
         * @param identity for TLS; null for none
         */
        static EmbeddedTomcat start(Filter filter, TestCertificates.Identity identity) {
            Logger.getLogger("org.apache").setLevel(Level.WARNING);
            Tomcat tomcat = new Tomcat();
            tomcat.setBaseDir(System.getProperty("java.io.tmpdir"));
            Connector connector = new Connector();
            connector.setPort(0);
            connector.setProperty("address", "127.0.0.1");
            if (identity != null) {
                addTls(connector, identity);
            }
            tomcat.setConnector(connector);
            Context context = tomcat.addContext("", null);
            FilterDef definition = new FilterDef();
            definition.setFilterName("tunnel");
            definition.setFilter(filter);
            definition.setAsyncSupported("true");
            context.addFilterDef(definition);
            FilterMap everything = new FilterMap();
            everything.setFilterName("tunnel");
            everything.addURLPattern("/*");
            context.addFilterMap(everything);
            Tomcat.addServlet(context, "default", new org.apache.catalina.servlets.DefaultServlet());
            context.addServletMapping("/", "default");
            try {
                tomcat.start();
            } catch (LifecycleException x) {
                throw new IllegalStateException("Tomcat did not start", x);
            }
            return new EmbeddedTomcat(tomcat);
        }

        /** How many upgraded connections Tomcat knows, closed ones that it has not let go included. */
        int upgradedConnections() {
            return ((AbstractProtocol<?>) tomcat.getConnector().getProtocolHandler()).getWaitingProcessorCount();
        }

        private static void addTls(Connector connector, TestCertificates.Identity identity) {
            SSLHostConfig host = new SSLHostConfig();
            SSLHostConfigCertificate certificate =
                    new SSLHostConfigCertificate(host, SSLHostConfigCertificate.Type.UNDEFINED);
            certificate.setCertificateKeystoreFile(identity.keyStore().toString());
            certificate.setCertificateKeystorePassword(TestCertificates.PASSWORD);
            host.addCertificate(certificate);
            connector.setProperty("SSLEnabled", "true");
            connector.setScheme("https");
            connector.setSecure(true);
            connector.addSslHostConfig(host);
        }

        @Override
        public InetSocketAddress address() {
            return new InetSocketAddress("127.0.0.1", tomcat.getConnector().getLocalPort());
        }

        @Override
        public ArrayByteBufferPool.Tracking bufferPool() {
            return none;
        }

        @Override
        public void close() {
            try {
                tomcat.stop();
                tomcat.destroy();
            } catch (LifecycleException x) {
                throw new IllegalStateException("Tomcat did not stop", x);
            }
        }
    }

    /** Undertow, the servlet container of WildFly, with nothing else in it. */
    final class EmbeddedUndertow implements ServletServer {
        private final Undertow undertow;
        private final DeploymentManager deployment;
        private final ArrayByteBufferPool.Tracking none = new ArrayByteBufferPool.Tracking();

        private EmbeddedUndertow(Undertow undertow, DeploymentManager deployment) {
            this.undertow = undertow;
            this.deployment = deployment;
        }

        static EmbeddedUndertow start(Filter filter) {
            DeploymentInfo application = Servlets.deployment()
                    .setClassLoader(ServletServer.class.getClassLoader())
                    .setContextPath("/")
                    .setDeploymentName("tunnel.war")
                    .addFilter(Servlets.filter("tunnel", filter.getClass(), new ImmediateInstanceFactory<>(filter))
                            .setAsyncSupported(true))
                    .addFilterUrlMapping("tunnel", "/*", DispatcherType.REQUEST);
            DeploymentManager deployment = Servlets.defaultContainer().addDeployment(application);
            deployment.deploy();
            try {
                Undertow undertow = Undertow.builder()
                        .addHttpListener(0, "127.0.0.1")
                        .setHandler(deployment.start())
                        // A connection that hangs shall fail a test, not all of them.
                        .setServerOption(UndertowOptions.SHUTDOWN_TIMEOUT, 5000)
                        .build();
                undertow.start();
                return new EmbeddedUndertow(undertow, deployment);
            } catch (ServletException x) {
                throw new IllegalStateException("Undertow did not start", x);
            }
        }

        @Override
        public InetSocketAddress address() {
            return (InetSocketAddress) undertow.getListenerInfo().get(0).getAddress();
        }

        @Override
        public ArrayByteBufferPool.Tracking bufferPool() {
            return none;
        }

        @Override
        public void close() {
            try {
                deployment.stop();
                undertow.stop();
            } catch (ServletException x) {
                throw new IllegalStateException("Undertow did not stop", x);
            }
        }
    }
}
