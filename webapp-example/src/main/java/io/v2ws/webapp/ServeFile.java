package io.v2ws.webapp;

import io.v2ws.config.ConfigException;
import io.v2ws.config.ServeConfig;
import io.v2ws.config.SiteAddress;
import io.v2ws.server.TunnelFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads the files of {@code v2ws serve --config} for the tunnel filter. */
public final class ServeFile implements TunnelFile {

    /** Made by the filter. */
    public ServeFile() {}

    @Override
    public Content read(Path file) {
        try {
            ServeConfig config = ServeConfig.read(file);
            return new Content(
                    config.tunnels().stream().map(ServeFile::tunnel).toList(),
                    config.tcpKeepAlive(),
                    config.addressOrder(),
                    config.site().map(SiteAddress::toString),
                    config.healthPath(),
                    warnings(file, config));
        } catch (ConfigException x) {
            throw new IllegalArgumentException(x.getMessage(), x);
        }
    }

    private static Tunnel tunnel(ServeConfig.Tunnel tunnel) {
        return new Tunnel(tunnel.transport(), tunnel.forward(), tunnel.hosts(), tunnel.trustedProxies());
    }

    private static List<String> warnings(Path file, ServeConfig config) {
        List<String> warnings = new ArrayList<>();
        if (config.listen().isPresent()) {
            warnings.add(file + ": listen has no effect here, the web server listens");
        }
        if (config.tlsCert().isPresent()) {
            warnings.add(file + ": tls_cert and tls_key have no effect here, TLS is the web server's");
        }
        config.tunnels().forEach(tunnel -> warnings.addAll(tunnel.warnings()));
        return warnings;
    }
}
