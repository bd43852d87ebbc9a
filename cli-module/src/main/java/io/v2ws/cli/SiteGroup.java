package io.v2ws.cli;

import io.v2ws.config.ServeConfig;
import io.v2ws.config.SiteAddress;
import io.v2ws.internal.net.CidrBlock;
import io.v2ws.internal.net.TrustedProxy;
import io.v2ws.server.FolderSite;
import io.v2ws.server.standalone.TunnelServer;
import jakarta.servlet.Servlet;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What a server shows to those who open no tunnel. */
final class SiteGroup {
    @Option(
            names = "--site",
            paramLabel = "FOLDER|URL",
            description = "What everybody sees who opens no tunnel: the files of a folder, or another web server."
                    + " Default: an empty 404.")
    private String site;

    @Option(
            names = "--health-path",
            paramLabel = "PATH",
            description = "Answers PATH/live and PATH/ready, for load balancers. Default: none.")
    private String healthPath;

    /**
     * Gives a server what the options say, or else the file.
     *
     * @param tunnels whose trusted proxies are trusted about visitors of the site, too
     * @param connectTimeout of connections to the web server
     * @return where the site is; empty for none
     * @throws IllegalArgumentException if the folder cannot be read, or a value is wrong
     */
    Optional<SiteAddress> applyTo(
            TunnelServer.Builder server, ServeConfig file, List<ServeConfig.Tunnel> tunnels, Duration connectTimeout) {
        Optional<SiteAddress> address = Optional.ofNullable(site)
                .map(text -> SiteAddress.parse(text, Path.of("")))
                .or(file::site);
        address.ifPresent(found -> server.site(servlet(found, tunnels, connectTimeout)));
        Optional.ofNullable(healthPath).or(file::healthPath).ifPresent(server::healthPath);
        return address;
    }

    private static Servlet servlet(SiteAddress address, List<ServeConfig.Tunnel> tunnels, Duration connectTimeout) {
        if (address.folder().isPresent()) {
            return new FolderSite(address.folder().get());
        }
        List<CidrBlock> proxies = tunnels.stream()
                .flatMap(tunnel -> tunnel.trustedProxies().stream())
                .map(text -> TrustedProxy.parse(text).block())
                .toList();
        return new ProxiedSite(address.server().orElseThrow(), proxies, connectTimeout);
    }
}
