package io.v2ws.examples.desktop;

import io.v2ws.client.LocalForwarder;
import io.v2ws.client.WebSocketTransportClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.session.ClientSession;

/** Apache MINA SSHD. It opens its connections with asynchronous channels, so it needs a local port. */
public final class MinaSshdExample {
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private MinaSshdExample() {}

    /** Runs a command on the host behind the tunnel: URL, user, password, command. */
    public static void main(String[] args) throws IOException {
        try (WebSocketTransportClient client = Tunnels.client(args[0])) {
            System.out.println(run(client, args[1], args[2], args[3]));
        }
    }

    static String run(WebSocketTransportClient client, String user, String password, String command)
            throws IOException {
        // snippet mina-sshd
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (LocalForwarder forwarder = LocalForwarder.start(client, anyPort);
                SshClient ssh = SshClient.setUpDefaultClient()) {
            ssh.start();
            try (ClientSession session =
                    ssh.connect(user, forwarder.localAddress()).verify(PATIENCE).getClientSession()) {
                session.addPasswordIdentity(password);
                session.auth().verify(PATIENCE);
                return session.executeRemoteCommand(command);
            }
        }
        // end
    }
}
