package io.v2ws.conformance;

import io.v2ws.testing.EmbeddedJetty;
import io.v2ws.testing.TestCertificates;
import jakarta.servlet.Filter;
import java.net.InetSocketAddress;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
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
}
