package io.v2ws.server;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.v2ws.WebSocketStream;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.testing.Bytes;
import io.v2ws.testing.CapturedLog;
import io.v2ws.testing.EchoUpstream;
import io.v2ws.testing.EmbeddedJetty;
import io.v2ws.testing.KeepAliveTimers;
import io.v2ws.testing.LeakCheck;
import io.v2ws.testing.RawHandshake;
import io.v2ws.testing.RawWebSocketPeer;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import java.time.Duration;
import java.util.EnumSet;
import java.util.function.Consumer;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.eclipse.jetty.ee11.servlet.FilterHolder;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.websocket.server.JettyWebSocketServerContainer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A filter is started, stopped, started again, and sometimes cannot start. */
@ExtendWith(LeakCheck.class)
class FilterLifeCycleTest {
    private static final WebSocketTransportOptions OPTIONS =
            WebSocketTransportOptions.builder().path("/tunnel").build();

    private static Consumer<ServletContextHandler> filter(FilterHolder holder, String... namesAndValues) {
        for (int i = 0; i < namesAndValues.length; i += 2) {
            holder.setInitParameter(namesAndValues[i], namesAndValues[i + 1]);
        }
        return context -> context.addFilter(holder, "/*", EnumSet.of(DispatcherType.REQUEST));
    }

    private static void assertEchoed(EmbeddedJetty jetty) throws Exception {
        try (RawWebSocketPeer peer = RawWebSocketPeer.connect(jetty.port())) {
            peer.upgrade("/tunnel");
            peer.sendBinary(Bytes.utf8("echo"));
            assertThat(peer.readBinary(4)).isEqualTo(Bytes.utf8("echo"));
            peer.sendClose(1000, "");
            peer.expectClose(1000);
        }
    }

    private static void restartContext(EmbeddedJetty jetty) throws Exception {
        jetty.server().getHandler().stop();
        jetty.server().getHandler().start();
    }

    @Test
    void filterOfAWebXmlTunnelsAgainAfterARestart() throws Exception {
        try (EchoUpstream echo = EchoUpstream.echo();
                EmbeddedJetty jetty = EmbeddedJetty.builder()
                        .configureContext(filter(
                                new FilterHolder(WebSocketUpgradeFilter.class),
                                "path",
                                "/tunnel",
                                "forward",
                                "127.0.0.1:" + echo.port()))
                        .start()) {
            assertEchoed(jetty);
            restartContext(jetty);
            assertEchoed(jetty);
        }
    }

    @Test
    void filterOfAWebXmlSetsTheKeepaliveOfItsConnectionsToTheService() throws Exception {
        assumeTrue(KeepAliveTimers.canBeRead(), "needs /proc/net/tcp of Linux");
        try (EchoUpstream echo = EchoUpstream.echo();
                EmbeddedJetty jetty = EmbeddedJetty.builder()
                        .configureContext(filter(
                                new FilterHolder(WebSocketUpgradeFilter.class),
                                "path",
                                "/tunnel",
                                "forward",
                                "127.0.0.1:" + echo.port(),
                                "tcp_keepalive_idle",
                                "1000s",
                                "tcp_keepalive_interval",
                                "7s",
                                "tcp_keepalive_count",
                                "3"))
                        .start();
                RawWebSocketPeer peer = RawWebSocketPeer.connect(jetty.port())) {
            peer.upgrade("/tunnel");
            await().untilAsserted(() -> assertThat(KeepAliveTimers.ofRemotePort(echo.port()))
                    .singleElement(as(InstanceOfAssertFactories.DURATION))
                    .isBetween(Duration.ofSeconds(900), Duration.ofSeconds(1000)));
            // The application's own Jetty is left alone.
            assertThat(KeepAliveTimers.ofLocalPort(jetty.port())).containsExactly(Duration.ZERO);
        }
    }

    @Test
    void filterObjectWithInitParamsTunnelsAgainAfterARestart() throws Exception {
        try (EchoUpstream echo = EchoUpstream.echo();
                EmbeddedJetty jetty = EmbeddedJetty.builder()
                        .configureContext(filter(
                                new FilterHolder(new WebSocketUpgradeFilter()),
                                "path",
                                "/tunnel",
                                "forward",
                                "127.0.0.1:" + echo.port()))
                        .start()) {
            assertEchoed(jetty);
            restartContext(jetty);
            assertEchoed(jetty);
        }
    }

    @Test
    void filterMadeInCodeTunnelsAgainAfterARestart() throws Exception {
        try (EmbeddedJetty jetty = EmbeddedJetty.builder()
                .filter(WebSocketUpgradeFilter.builder(OPTIONS, new EchoHandler())
                        .build())
                .start()) {
            assertEchoed(jetty);
            restartContext(jetty);
            assertEchoed(jetty);
        }
    }

    @Test
    void schedulerOfTheApplicationIsUsedAndLeftRunning() throws Exception {
        ScheduledExecutorScheduler scheduler = new ScheduledExecutorScheduler("application", true);
        scheduler.start();
        try (EmbeddedJetty jetty = EmbeddedJetty.builder()
                .filter(WebSocketUpgradeFilter.builder(OPTIONS, new EchoHandler())
                        .scheduler(scheduler)
                        .build())
                .start()) {
            assertEchoed(jetty);
            restartContext(jetty);
            assertThat(scheduler.isRunning()).isTrue();
            assertEchoed(jetty);
            assertThat(Thread.getAllStackTraces().keySet())
                    .noneMatch(thread -> thread.getName().startsWith("v2ws-filter"));
        } finally {
            scheduler.stop();
        }
    }

    /** What was started before the failure is found by the leak check. */
    @Test
    void missingWebSocketContainerFailsTheStartAndLeavesNothingRunning() {
        Server server = new Server();
        ServletContextHandler context = new ServletContextHandler();
        FilterHolder holder = new FilterHolder(WebSocketUpgradeFilter.class);
        filter(holder, "forward", "127.0.0.1:1", "engine", "jetty", "on_error", "fail")
                .accept(context);
        server.setHandler(context);
        assertStartFails(server, "no engine can run here: found jetty/", "ee11-websocket-jetty");
    }

    @Test
    void wrongConfigurationLeavesTheSiteUpAndIsLoggedOnce() throws Exception {
        try (CapturedLog log = new CapturedLog();
                EmbeddedJetty jetty = EmbeddedJetty.builder()
                        .configureContext(filter(
                                new FilterHolder(WebSocketUpgradeFilter.class),
                                "path",
                                "/tunnel",
                                "forward",
                                "127.0.0.1:1",
                                "max_early_data",
                                "lots"))
                        .start()) {
            for (int i = 0; i < 2; i++) {
                assertSiteAnswers(jetty, RawHandshake.to("/tunnel"));
                assertSiteAnswers(jetty, RawHandshake.to("/tunnel").without("Upgrade"));
            }
            assertThat(log.text())
                    .containsOnlyOnce("ERROR")
                    .containsOnlyOnce("max_early_data (init-param max_early_data): expected a whole number from 0 to"
                            + " 2147483647, got \"lots\"; there is no tunnel, and every request goes to the site")
                    .doesNotContain("Exception");
        }
    }

    @Test
    void missingEngineLeavesTheSiteUp() throws Exception {
        Consumer<ServletContextHandler> withoutContainer = context -> {
            // As in a web application on a Jetty without its WebSocket module.
            context.addEventListener(new ServletContextListener() {
                @Override
                public void contextInitialized(ServletContextEvent event) {
                    event.getServletContext()
                            .removeAttribute(JettyWebSocketServerContainer.JETTY_WEBSOCKET_CONTAINER_ATTRIBUTE);
                }
            });
        };
        try (CapturedLog log = new CapturedLog();
                EmbeddedJetty jetty = EmbeddedJetty.builder()
                        .configureContext(withoutContainer)
                        .configureContext(filter(
                                new FilterHolder(WebSocketUpgradeFilter.class), "path", "/tunnel", "engine", "jetty"))
                        .start()) {
            assertSiteAnswers(jetty, RawHandshake.to("/tunnel"));
            assertThat(log.text())
                    .containsOnlyOnce("no engine can run here: found jetty/12.1")
                    .doesNotContain("tunnels at /tunnel on");
        }
    }

    private static void assertSiteAnswers(EmbeddedJetty jetty, RawHandshake request) throws Exception {
        try (RawWebSocketPeer peer = RawWebSocketPeer.connect(jetty.port())) {
            assertThat(peer.readBody(peer.handshake(request))).isEqualTo("site:/tunnel");
        }
    }

    @Test
    void wrongInitParamFailsTheStartWhereThatIsAskedFor() {
        try (CapturedLog log = new CapturedLog()) {
            assertThatThrownBy(() -> EmbeddedJetty.builder()
                            .configureContext(filter(
                                    new FilterHolder(WebSocketUpgradeFilter.class),
                                    "handler",
                                    EchoHandler.class.getName(),
                                    "on_error",
                                    "fail",
                                    "pingInterval",
                                    "1s"))
                            .start()
                            .close())
                    .hasStackTraceContaining("unknown init-param pingInterval");
            // Jetty destroys the filter, although it was never initialized.
            assertThat(log.text()).doesNotContain("NullPointerException");
        }
    }

    @Test
    void secondFilterThatCannotStartLeavesNothingOfTheFirstRunning() {
        Server server = new Server();
        ServletContextHandler context = new ServletContextHandler();
        filter(new FilterHolder(WebSocketUpgradeFilter.class), "path", "/one", "forward", "127.0.0.1:1")
                .accept(context);
        filter(
                        new FilterHolder(WebSocketUpgradeFilter.class),
                        "path",
                        "/two",
                        "forward",
                        "127.0.0.1",
                        "on_error",
                        "fail")
                .accept(context);
        server.setHandler(context);
        assertStartFails(server, "forward (init-param forward): expected HOST:PORT");
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().startsWith("v2ws"));
    }

    /** The filter stops before its connector: otherwise a client would hear that the service failed. */
    @Test
    void f6_stopOfTheFilterTellsTheClientsOfItsForwarderThatItGoesAway() throws Exception {
        try (EchoUpstream echo = EchoUpstream.echo();
                EmbeddedJetty jetty = EmbeddedJetty.builder()
                        .configureContext(filter(
                                new FilterHolder(WebSocketUpgradeFilter.class),
                                "path",
                                "/tunnel",
                                "forward",
                                "127.0.0.1:" + echo.port()))
                        .start();
                RawWebSocketPeer peer = RawWebSocketPeer.connect(jetty.port())) {
            peer.upgrade("/tunnel");
            peer.sendBinary(Bytes.utf8("echo"));
            assertThat(peer.readBinary(4)).isEqualTo(Bytes.utf8("echo"));
            jetty.server().getHandler().stop();
            peer.expectClose(1001);
        }
    }

    private static void assertStartFails(Server server, String... messages) {
        try {
            var thrown = assertThatThrownBy(server::start);
            for (String message : messages) {
                thrown.hasStackTraceContaining(message);
            }
        } finally {
            LifeCycle.stop(server);
        }
    }

    @Test
    void handlerThatThrowsEndsItsTunnelWith1011() throws Exception {
        TunnelHandler failing = (WebSocketStream stream, TunnelRequest request) -> {
            throw new IllegalStateException("secret");
        };
        try (CapturedLog log = new CapturedLog();
                EmbeddedJetty jetty = EmbeddedJetty.builder()
                        .filter(WebSocketUpgradeFilter.builder(OPTIONS, failing).build())
                        .start();
                RawWebSocketPeer peer = RawWebSocketPeer.connect(jetty.port())) {
            peer.upgrade(RawHandshake.to("/tunnel"));
            assertThat(peer.expectClose(1011).closeReason()).isEmpty();
            peer.sendClose(1011, "");
            peer.expectEof();
            assertThat(log.text()).contains("The handler of /tunnel failed", "secret");
        }
    }
}
