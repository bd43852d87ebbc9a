package io.v2ws.webapp;

import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import org.eclipse.jetty.ee11.webapp.WebAppContext;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/**
 * The packed WAR in a Jetty that deploys it as it deploys any: with the server's classes hidden, unless the WAR says
 * not.
 */
final class DeployedWar implements AutoCloseable {
    private final Server server = new Server();
    private final ServerConnector connector = new ServerConnector(server);

    /**
     * Deploys it at the root.
     *
     * @param folder for temporary files
     * @param initParams of the filter, in place of those in the WAR
     */
    DeployedWar(Path folder, Map<String, String> initParams) throws Exception {
        Path override = folder.resolve("override-web.xml");
        String params = initParams.entrySet().stream()
                .map(param -> "<init-param><param-name>" + param.getKey() + "</param-name><param-value>"
                        + param.getValue() + "</param-value></init-param>")
                .collect(Collectors.joining());
        Files.createDirectories(folder);
        Files.writeString(override, """
                <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.1">
                  <filter>
                    <filter-name>tunnel</filter-name>
                    <filter-class>io.v2ws.server.WebSocketUpgradeFilter</filter-class>
                    %s
                  </filter>
                </web-app>
                """.formatted(params));
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        WebAppContext context = new WebAppContext();
        context.setContextPath("/");
        context.setWar(System.getProperty("war"));
        context.setOverrideDescriptor(override.toUri().toString());
        context.setTempDirectory(folder.resolve("work").toFile());
        context.setThrowUnavailableOnStartupException(true);
        server.setHandler(context);
        try {
            server.start();
        } catch (Exception x) {
            server.stop();
            throw x;
        }
    }

    int port() {
        return connector.getLocalPort();
    }

    InetSocketAddress address() {
        return new InetSocketAddress(connector.getHost(), port());
    }

    @Override
    public void close() throws Exception {
        server.stop();
    }
}
