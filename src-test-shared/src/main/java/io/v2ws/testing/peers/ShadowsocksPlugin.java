package io.v2ws.testing.peers;

import io.v2ws.testing.TestCertificates;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Debian's shadowsocks-v2ray-plugin without its multiplexing: a plain TCP connection for each WebSocket, as we do. */
public record ShadowsocksPlugin() implements PeerProgram {
    /** Name of the program. */
    public static final String PROGRAM = "ss-v2ray-plugin";

    private static final Pattern READY = Pattern.compile("V2Ray \\S+ started");

    @Override
    public String name() {
        return "shadowsocks-v2ray-plugin";
    }

    /** Debian's: the program calls itself "custom". */
    @Override
    public String version() throws IOException {
        return Commands.firstMatch(
                Pattern.compile("([^-]+)"), "dpkg-query", "--showformat=${Version}", "--show", name());
    }

    @Override
    public Pattern ready() {
        return READY;
    }

    @Override
    public List<String> server(Path folder, Link link, int listen, int upstream) {
        TestCertificates.Identity identity = TestCertificates.get().server();
        List<String> command = common(listen, upstream);
        command.add("-server");
        if (link.tls()) {
            command.addAll(List.of("-tls", "-cert", identity.certificatePem().toString()));
            command.addAll(List.of("-key", identity.keyPem().toString()));
        }
        return command;
    }

    @Override
    public List<String> client(Path folder, Link link, int listen, int server, int upstream) {
        List<String> command = common(listen, server);
        if (link.tls()) {
            command.addAll(
                    List.of("-tls", "-cert", TestCertificates.get().caPem().toString()));
        }
        return command;
    }

    private static List<String> common(int listen, int target) {
        List<String> command = new ArrayList<>(List.of(PROGRAM, "-mux", "0"));
        command.addAll(List.of("-host", "localhost", "-path", Link.PATH));
        command.addAll(List.of("-localAddr", "127.0.0.1", "-localPort", Integer.toString(listen)));
        command.addAll(List.of("-remoteAddr", "127.0.0.1", "-remotePort", Integer.toString(target)));
        return command;
    }
}
