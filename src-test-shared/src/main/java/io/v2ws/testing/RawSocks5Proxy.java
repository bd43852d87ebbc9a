package io.v2ws.testing;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;

/** A SOCKS 5 proxy on 127.0.0.1 (RFC 1928): CONNECT only, with user and password (RFC 1929) if wanted. */
public final class RawSocks5Proxy extends ConnectingProxy {

    private static final int SUCCEEDED = 0;
    private static final int CONNECTION_REFUSED = 5;
    private static final int COMMAND_NOT_SUPPORTED = 7;
    private static final byte NO_AUTHENTICATION = 0;
    private static final byte USER_AND_PASSWORD = 2;
    private static final byte NONE_ACCEPTABLE = (byte) 0xff;

    /** Starts a proxy for everyone. */
    public RawSocks5Proxy() throws IOException {
        super("socks-proxy", null);
    }

    /** Starts a proxy that wants user and password. */
    public RawSocks5Proxy(String user, String password) throws IOException {
        super("socks-proxy", user + ":" + password);
    }

    @Override
    void serve(Socket socket) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        if (!authenticate(socket, in)) {
            return;
        }
        in.readUnsignedByte();
        int command = in.readUnsignedByte();
        in.readUnsignedByte();
        String target = readTarget(in);
        if (command != 1) {
            reply(socket, COMMAND_NOT_SUPPORTED);
            return;
        }
        Socket far;
        try {
            far = connect(target);
        } catch (IOException e) {
            reply(socket, CONNECTION_REFUSED);
            return;
        }
        reply(socket, SUCCEEDED);
        relay(socket, far);
    }

    private boolean authenticate(Socket socket, DataInputStream in) throws IOException {
        requireVersion(5, in.readUnsignedByte());
        String offered = Bytes.utf8(readShort(in));
        byte method = credentials() == null ? NO_AUTHENTICATION : USER_AND_PASSWORD;
        if (offered.indexOf(method) < 0) {
            socket.getOutputStream().write(new byte[] {5, NONE_ACCEPTABLE});
            return false;
        }
        socket.getOutputStream().write(new byte[] {5, method});
        if (credentials() == null) {
            return true;
        }
        requireVersion(1, in.readUnsignedByte());
        String given = Bytes.utf8(readShort(in)) + ":" + Bytes.utf8(readShort(in));
        boolean right = given.equals(credentials());
        socket.getOutputStream().write(new byte[] {1, (byte) (right ? 0 : 1)});
        return right;
    }

    private static String readTarget(DataInputStream in) throws IOException {
        String host = switch (in.readUnsignedByte()) {
            case 1 -> InetAddress.getByAddress(readExactly(in, 4)).getHostAddress();
            case 3 -> Bytes.utf8(readShort(in));
            case 4 -> "[" + InetAddress.getByAddress(readExactly(in, 16)).getHostAddress() + "]";
            default -> throw new IOException("unknown SOCKS address type");
        };
        return host + ":" + in.readUnsignedShort();
    }

    private static void reply(Socket socket, int code) throws IOException {
        socket.getOutputStream().write(new byte[] {5, (byte) code, 0, 1, 0, 0, 0, 0, 0, 0});
    }

    private static void requireVersion(int expected, int version) throws IOException {
        if (version != expected) {
            throw new IOException("Expected version " + expected + " but was " + version);
        }
    }

    private static byte[] readShort(DataInputStream in) throws IOException {
        return readExactly(in, in.readUnsignedByte());
    }

    private static byte[] readExactly(DataInputStream in, int length) throws IOException {
        byte[] bytes = new byte[length];
        in.readFully(bytes);
        return bytes;
    }
}
