package io.v2ws.examples.embedded;

// snippet jetty
import io.v2ws.HostAndPort;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.server.TcpForwarder;
import io.v2ws.server.WebSocketUpgradeFilter;
import io.v2ws.tcp.TcpConnector;
import jakarta.servlet.DispatcherType;
import java.util.EnumSet;
import org.eclipse.jetty.ee11.servlet.FilterHolder;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.server.Server;

/** Leads the tunnels at /tunnel to a TCP service; everything else is the application's. */
final class JettyExample {
    static Server start(int port, HostAndPort service) throws Exception {
        Server server = new Server(port);
        TcpConnector connector = new TcpConnector();
        server.addBean(connector, true); // the server starts it first and stops it last
        server.setStopTimeout(10_000); // milliseconds for what is under way

        ServletContextHandler application = new ServletContextHandler("/");
        WebSocketTransportOptions options = WebSocketTransportOptions.builder()
                .path("/tunnel")
                .maxEarlyData(2048)
                .earlyDataHeaderName("Sec-WebSocket-Protocol")
                .build();
        WebSocketUpgradeFilter filter = WebSocketUpgradeFilter.builder(
                        options, new TcpForwarder(connector, service, options))
                .build();
        FilterHolder holder = new FilterHolder(filter);
        holder.setAsyncSupported(true); // for the asynchronous servlets behind it
        application.addFilter(holder, "/*", EnumSet.of(DispatcherType.REQUEST));
        server.setHandler(application);
        server.start();
        return server;
    }

    private JettyExample() {}
}
// end
