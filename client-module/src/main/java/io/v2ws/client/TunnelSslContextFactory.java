package io.v2ws.client;

import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** Jetty's TLS for one server: one name to send and to verify, whatever address is dialled. */
final class TunnelSslContextFactory extends SslContextFactory.Client {
    private final String serverName;
    private final String[] alpn;

    TunnelSslContextFactory(TlsOptions tls, String urlHost) {
        super(tls.insecureSkipVerify());
        this.serverName = tls.serverName() == null ? urlHost : tls.serverName();
        this.alpn = tls.alpn().toArray(String[]::new);
        if (tls.trustStore() != null) {
            setTrustStore(tls.trustStore());
        }
        if (tls.keyStore() != null) {
            setKeyStore(tls.keyStore());
            setKeyStorePassword(tls.keyPassword());
        }
        // The JDK leaves out names without a dot; Go sends them.
        setSNIProvider((engine, names) ->
                names.isEmpty() && serverName.matches("[A-Za-z0-9-]+") ? List.of(new SNIHostName(serverName)) : names);
        setEndpointIdentificationAlgorithm(tls.insecureSkipVerify() ? null : "HTTPS");
    }

    @Override
    public SSLEngine newSSLEngine(String host, int port) {
        // The host of the engine is what is sent and verified; Jetty passes the address that was dialled.
        return super.newSSLEngine(serverName, port);
    }

    @Override
    public void customize(SSLEngine engine) {
        super.customize(engine);
        // Jetty itself offers a single protocol not at all, and Go's servers and CDNs look at it.
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setApplicationProtocols(alpn);
        engine.setSSLParameters(parameters);
    }
}
