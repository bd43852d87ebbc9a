package io.v2ws.server.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.v2ws.HostAndPort;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.server.EchoHandler;
import io.v2ws.testing.LeakCheck;
import io.v2ws.testing.TestCertificates;
import java.net.InetAddress;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a server with TLS agrees to. */
@ExtendWith(LeakCheck.class)
class TlsCiphersTest {
    private TunnelServer server;

    @BeforeEach
    void start() throws Exception {
        TestCertificates.Identity identity = TestCertificates.get().server();
        server = TunnelServer.builder(new HostAndPort("127.0.0.1", 0))
                .tunnel(Tunnel.handle(
                        WebSocketTransportOptions.builder().path("/tunnel").build(), new EchoHandler()))
                .tls(identity.certificatePem(), identity.keyPem())
                .start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private SSLSocket connect() throws Exception {
        return (SSLSocket) TestCertificates.get()
                .trustingContext()
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), server.address().port());
    }

    @ParameterizedTest
    @CsvSource({"TLSv1.3,TLS_AES_128_GCM_SHA256", "TLSv1.2,TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"})
    void aes128ComesFirst(String version, String suite) throws Exception {
        try (SSLSocket client = connect()) {
            client.setEnabledProtocols(new String[] {version});
            client.startHandshake();
            assertThat(client.getSession().getCipherSuite()).isEqualTo(suite);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256",
                "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384",
                "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256"
            })
    void outdatedSuitesAreNotOffered(String suite) throws Exception {
        try (SSLSocket client = connect()) {
            client.setEnabledProtocols(new String[] {"TLSv1.2"});
            client.setEnabledCipherSuites(new String[] {suite});
            assertThatThrownBy(client::startHandshake).isInstanceOf(SSLHandshakeException.class);
        }
    }
}
