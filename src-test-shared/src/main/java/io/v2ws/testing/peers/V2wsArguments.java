package io.v2ws.testing.peers;

import io.v2ws.testing.TestCertificates;
import java.util.ArrayList;
import java.util.List;

/** Arguments of our own program; to be run with a JVM of the caller's choice. */
public final class V2wsArguments {
    private V2wsArguments() {}

    /**
     * Arguments of {@code v2ws serve} with its built-in echo.
     *
     * @param listen the port, 0 for any
     */
    public static List<String> serveEcho(Link link, int listen) {
        List<String> arguments =
                new ArrayList<>(List.of("serve", "--listen", "127.0.0.1:" + listen, "--path", Link.PATH));
        if (link.tls()) {
            TestCertificates.Identity identity = TestCertificates.get().server();
            arguments.addAll(List.of("--tls-cert", identity.certificatePem().toString()));
            arguments.addAll(List.of("--tls-key", identity.keyPem().toString()));
        }
        arguments.addAll(link.mode().arguments());
        return arguments;
    }

    /** Arguments of {@code v2ws serve} in front of a TCP service. */
    public static List<String> serve(Link link, int listen, int upstream) {
        List<String> arguments = serveEcho(link, listen);
        arguments.addAll(List.of("--forward", "127.0.0.1:" + upstream));
        return arguments;
    }

    /** Arguments of {@code v2ws forward} to a WebSocket server. */
    public static List<String> forward(Link link, int listen, int server) {
        List<String> arguments =
                new ArrayList<>(List.of("forward", "--listen", "127.0.0.1:" + listen, link.url(server)));
        if (link.tls()) {
            arguments.addAll(List.of("--tls-ca", TestCertificates.get().caPem().toString()));
        }
        arguments.addAll(link.mode().arguments());
        return arguments;
    }
}
