package io.v2ws.client;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.v2ws.WebSocketEngine;
import io.v2ws.testing.JettyEngines;
import io.v2ws.testing.LeakCheck;
import io.v2ws.testing.TestCertificates;
import java.io.IOException;
import java.security.KeyStore;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;

/** A client that cannot be made leaves nothing behind, and what it was to share as it was. */
@Timeout(30)
@ExtendWith(LeakCheck.class)
class FailedStartTest {
    @RegisterExtension
    final ClientFixture fixture = new ClientFixture();

    @ParameterizedTest
    @JettyEngines
    void keyThatCannotBeReadLeavesNoThreadBehind(WebSocketEngine engine) throws Exception {
        KeyStore store = KeyStore.getInstance(
                TestCertificates.get().client().keyStore().toFile(), TestCertificates.PASSWORD.toCharArray());
        WebSocketTransportClient.Builder builder = fixture.builder("wss://localhost")
                .engine(engine)
                .tls(TlsOptions.builder().keyStore(store, "another").build());
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(builder::build)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("cannot start the client");
        }

        PeerServer server = fixture.server();
        var connecting = fixture.client(server, ClientFixture.options()).connect();
        server.acceptUpgrade();
        Streams.get(connecting);
    }
}
