package io.v2ws.system;

import io.v2ws.testing.TestCertificates;
import io.v2ws.testing.peers.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** A reverse proxy with its configuration of {@code docs/proxies}, started by the command of {@code docs/deploy.md}. */
enum ReverseProxy {
    NGINX("nginx.conf", true),
    HAPROXY("haproxy.cfg", true),
    CADDY("Caddyfile", true),
    VARNISH("v2ws.vcl", false),
    APACHE("apache.conf", true),
    LIGHTTPD("lighttpd.conf", true);

    private static final Path CONFIGURATIONS = Path.of("../docs/proxies");

    private final String file;
    private final boolean tls;

    ReverseProxy(String file, boolean tls) {
        this.file = file;
        this.tls = tls;
    }

    /** Whether TLS ends here. */
    boolean tls() {
        return tls;
    }

    /** What the page calls its command. */
    String title() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Starts it in front of a port of 127.0.0.1. */
    Program start(Workspace workspace, int backend) throws IOException {
        TestCertificates.Identity identity = TestCertificates.get().server();
        String certificate = Files.readString(identity.certificatePem());
        String key = Files.readString(identity.keyPem());
        workspace.write("cert.pem", certificate);
        workspace.write("key.pem", key);
        workspace.write("cert-and-key.pem", certificate + key);
        return Program.startListening(workspace, title(), port -> {
            String text = Files.readString(CONFIGURATIONS.resolve(file));
            workspace.write(file, asOrdinaryUser(here(text, workspace.folder(), port, backend), workspace.folder()));
            // Caddy keeps files in the user's folder.
            String command = "export HOME=/etc/v2ws\n" + DeployPage.command(title());
            return List.of("sh", "-ec", here(command, workspace.folder(), port, backend));
        });
    }

    /** Puts this test's ports and folders in the place of those that people change. */
    private static String here(String text, Path folder, int port, int backend) throws IOException {
        return text.replaceAll("\\b(443|6081)\\b", Integer.toString(port))
                .replaceAll("\\b8080\\b", Integer.toString(backend))
                .replace("localhost:2019", "localhost:" + FreePorts.next())
                .replaceAll(
                        "/etc/v2ws|/run\\b|/var/log/[a-z0-9]+",
                        folder.toAbsolutePath().toString());
    }

    /** Only root may use the folders of the packages and become another user. */
    private static String asOrdinaryUser(String text, Path folder) {
        if ("root".equals(System.getProperty("user.name"))) {
            return text;
        }
        String temporary = List.of("client_body", "proxy", "fastcgi", "uwsgi", "scgi").stream()
                .map(each -> each + "_temp_path " + folder.resolve(each) + ";\n")
                .reduce("", String::concat);
        return text.replaceAll("(?m)^ +(user|group) haproxy$", "").replace("http {\n", "http {\n" + temporary);
    }
}
