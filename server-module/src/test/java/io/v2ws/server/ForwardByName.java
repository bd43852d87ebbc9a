package io.v2ws.server;

import io.v2ws.HostAndPort;
import io.v2ws.testing.Bytes;
import io.v2ws.testing.EchoUpstream;
import io.v2ws.testing.RawWebSocketPeer;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;

/** A program: opens a tunnel to a service on 127.0.0.1 by a name that has other addresses as well. */
final class ForwardByName {
    private ForwardByName() {}

    /**
     * Prints what the service echoed.
     *
     * @param args the name, and the addresses that it must have, with the right one in front
     */
    public static void main(String[] args) throws Exception {
        InetAddress[] found = InetAddress.getAllByName(args[0]);
        if (found.length != args.length - 1 || !found[0].equals(InetAddress.getByName(args[1]))) {
            throw new IllegalStateException("the name means " + Arrays.toString(found));
        }
        try (EchoUpstream echo = EchoUpstream.echo();
                ForwardingServer server =
                        ForwardingServer.to(new HostAndPort(args[0], echo.port()), Duration.ofSeconds(5));
                RawWebSocketPeer peer = server.open(ForwardingServer.PATH + "aGVsbG8")) {
            System.out.println("echoed: " + Bytes.utf8(peer.readBinary(5)));
            peer.sendClose(1000, "");
            peer.expectClose(1000);
        }
    }
}
