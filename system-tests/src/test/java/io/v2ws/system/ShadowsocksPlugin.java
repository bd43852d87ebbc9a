package io.v2ws.system;

import io.v2ws.testing.TestCertificates;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Debian's shadowsocks-v2ray-plugin without its multiplexing: a plain TCP connection for each WebSocket, as we do. */
final class ShadowsocksPlugin implements Peer {
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
    public Program server(Workspace workspace, Link link, int upstream) throws IOException {
        TestCertificates.Identity identity = TestCertificates.get().server();
        List<String> more = new ArrayList<>(List.of("-server"));
        if (link.tls()) {
            more.addAll(List.of("-tls", "-cert", identity.certificatePem().toString()));
            more.addAll(List.of("-key", identity.keyPem().toString()));
        }
        return run(workspace, "plugin-server", upstream, more);
    }

    @Override
    public Program client(Workspace workspace, Link link, int server, int upstream) throws IOException {
        List<String> more = link.tls()
                ? List.of("-tls", "-cert", TestCertificates.get().caPem().toString())
                : List.of();
        return run(workspace, "plugin-client", server, more);
    }

    @Override
    public Program unpacker(Workspace workspace, Link link, int upstream) {
        return null;
    }

    @Override
    public Program packer(Workspace workspace, Link link, int forward, int upstream) {
        return null;
    }

    private static Program run(Workspace workspace, String name, int target, List<String> more) throws IOException {
        return Program.start(
                workspace,
                name,
                port -> {
                    List<String> command = new ArrayList<>(List.of("ss-v2ray-plugin", "-mux", "0"));
                    command.addAll(List.of("-host", "localhost", "-path", Link.PATH));
                    command.addAll(List.of("-localAddr", "127.0.0.1", "-localPort", Integer.toString(port)));
                    command.addAll(List.of("-remoteAddr", "127.0.0.1", "-remotePort", Integer.toString(target)));
                    command.addAll(more);
                    return command;
                },
                READY);
    }
}
