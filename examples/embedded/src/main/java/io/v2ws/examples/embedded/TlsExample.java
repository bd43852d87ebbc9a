package io.v2ws.examples.embedded;

// snippet tls
import io.v2ws.server.TunnelServerConnector;
import java.nio.file.Path;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** Adds a port with TLS to a server that has not been started yet. */
final class TlsExample {
    static TunnelServerConnector addTo(Server server, int port, Path keyStore, String password) {
        SslContextFactory.Server tls = new SslContextFactory.Server();
        tls.setKeyStorePath(keyStore.toString());
        tls.setKeyStorePassword(password);

        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setRequestHeaderSize(16 * 1024); // early data is a part of the request head
        http.addCustomizer(new SecureRequestCustomizer());

        TunnelServerConnector connector = new TunnelServerConnector(server, tls, new HttpConnectionFactory(http));
        connector.setPort(port);
        server.addConnector(connector);
        return connector;
    }

    private TlsExample() {}
}
// end
