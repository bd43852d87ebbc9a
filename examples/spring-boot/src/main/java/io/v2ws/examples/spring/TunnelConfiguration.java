package io.v2ws.examples.spring;

// snippet spring
import io.v2ws.HostAndPort;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.server.TcpForwarder;
import io.v2ws.server.TunnelHandler;
import io.v2ws.server.WebSocketUpgradeFilter;
import io.v2ws.tcp.TcpConnector;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.core.Ordered;

/** Leads the tunnels at a path to a TCP service; everything else is the application's. */
@Configuration(proxyBeanMethods = false)
class TunnelConfiguration {
    @Bean
    WebSocketTransportOptions tunnelOptions(
            @Value("${tunnel.path}") String path,
            @Value("${tunnel.max-early-data:0}") int maxEarlyData,
            @Value("${tunnel.early-data-header-name:}") String earlyDataHeaderName) {
        return WebSocketTransportOptions.builder()
                .path(path)
                .maxEarlyData(maxEarlyData)
                .earlyDataHeaderName(earlyDataHeaderName)
                .build();
    }

    @Bean(initMethod = "start", destroyMethod = "stop")
    TcpConnector tunnelConnector() {
        return new TcpConnector();
    }

    @Bean
    TunnelHandler tunnelHandler(
            TcpConnector connector, @Value("${tunnel.forward}") String service, WebSocketTransportOptions options) {
        return new TcpForwarder(connector, HostAndPort.parse(service), options);
    }

    @Bean
    FilterRegistrationBean<WebSocketUpgradeFilter> tunnelFilter(
            WebSocketTransportOptions options, TunnelHandler handler) {
        var filter = WebSocketUpgradeFilter.builder(options, handler).build();
        var registration = new FilterRegistrationBean<>(filter);
        registration.addUrlPatterns("/*"); // the filter compares the path itself
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE); // before filters that read or wrap requests
        registration.setAsyncSupported(true); // for asynchronous controllers behind it
        return registration;
    }

    @Bean
    ApplicationListener<ContextClosedEvent> tunnelsEndFirst(
            FilterRegistrationBean<WebSocketUpgradeFilter> registration) {
        return closed -> registration.getFilter().destroy(); // before Spring Boot closes the connections
    }
}
// end
