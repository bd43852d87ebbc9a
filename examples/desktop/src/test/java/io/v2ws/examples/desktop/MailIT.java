package io.v2ws.examples.desktop;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.v2ws.client.WebSocketTransportClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Mail through a tunnel; with SMTP the server speaks first. */
@Timeout(60)
class MailIT {
    @Test
    void angusMailSendsAMail() throws Exception {
        GreenMail server = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        server.start();
        try (TunnelTo tunnel = new TunnelTo(server.getSmtp().getPort());
                WebSocketTransportClient client = Tunnels.client(tunnel.url())) {
            MailExample.send(client, "alice@example.com", "bob@example.com", "Hello");
            assertThat(server.waitForIncomingEmail(1)).isTrue();
            assertThat(server.getReceivedMessages()[0].getSubject()).isEqualTo("Hello");
        } finally {
            server.stop();
        }
    }
}
