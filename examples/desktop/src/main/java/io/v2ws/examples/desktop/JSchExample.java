package io.v2ws.examples.desktop;

import com.jcraft.jsch.ChannelExec;
import com.jcraft.jsch.JSch;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.Session;
import com.jcraft.jsch.SocketFactory;
import io.v2ws.client.WebSocketTransportClient;
import io.v2ws.client.socket.TunnelSocketFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** JSch. */
public final class JSchExample {
    private JSchExample() {}

    /** Runs a command on the host behind the tunnel: URL, user, password, command. */
    public static void main(String[] args) throws JSchException, IOException {
        try (WebSocketTransportClient client = Tunnels.client(args[0])) {
            System.out.println(run(client, args[1], args[2], args[3]));
        }
    }

    // snippet jsch
    static String run(WebSocketTransportClient client, String user, String password, String command)
            throws JSchException, IOException {
        Session session = new JSch().getSession(user, "host.behind.the.tunnel");
        session.setSocketFactory(new TunnelSockets(client));
        session.setPassword(password);
        session.setConfig("StrictHostKeyChecking", "no"); // better: new JSch().setKnownHosts(file)
        session.connect();
        try {
            ChannelExec exec = (ChannelExec) session.openChannel("exec");
            exec.setCommand(command);
            InputStream output = exec.getInputStream();
            exec.connect();
            return new String(output.readAllBytes(), StandardCharsets.UTF_8);
        } finally {
            session.disconnect();
        }
    }

    record TunnelSockets(TunnelSocketFactory tunnels) implements SocketFactory {
        TunnelSockets(WebSocketTransportClient client) {
            this(new TunnelSocketFactory(client));
        }

        @Override
        public Socket createSocket(String host, int port) throws IOException {
            return tunnels.createSocket(host, port);
        }

        @Override
        public InputStream getInputStream(Socket socket) throws IOException {
            return socket.getInputStream();
        }

        @Override
        public OutputStream getOutputStream(Socket socket) throws IOException {
            return socket.getOutputStream();
        }
    }
    // end
}
