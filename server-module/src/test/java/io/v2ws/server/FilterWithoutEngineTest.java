package io.v2ws.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.v2ws.testing.CapturedLog;
import io.v2ws.testing.LeakCheck;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collections;
import java.util.Enumeration;
import java.util.Map;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.server.Server;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A Jetty that hides its classes, without its module for WebSockets. What a failed start leaves running is found by the leak check. */
@ExtendWith(LeakCheck.class)
class FilterWithoutEngineTest {
    private static final Map<String, String> PARAMS =
            Map.of("path", "/tunnel", "forward", "127.0.0.1:1", "on_error", "fail");

    /** Loads the classes of the server module itself, and hides Jetty's server from them. */
    private static final class WithoutJetty extends ClassLoader {
        WithoutJetty() {
            super(FilterWithoutEngineTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith("org.eclipse.jetty.ee11.") || name.startsWith("org.eclipse.jetty.server.")) {
                throw new ClassNotFoundException(name);
            }
            Class<?> loaded = findLoadedClass(name);
            if (loaded == null && name.startsWith("io.v2ws.server.")) {
                loaded = define(name);
            }
            return loaded != null ? loaded : super.loadClass(name, resolve);
        }

        private Class<?> define(String name) throws ClassNotFoundException {
            try (InputStream file = getResourceAsStream(name.replace('.', '/') + ".class")) {
                byte[] bytes = file.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException x) {
                throw new ClassNotFoundException(name, x);
            }
        }
    }

    private record Config(ServletContext getServletContext) implements FilterConfig {
        @Override
        public String getFilterName() {
            return "tunnel";
        }

        @Override
        public String getInitParameter(String name) {
            return PARAMS.get(name);
        }

        @Override
        public Enumeration<String> getInitParameterNames() {
            return Collections.enumeration(PARAMS.keySet());
        }
    }

    private static FilterConfig config() {
        ServletContextHandler context = new ServletContextHandler("/");
        new Server().setHandler(context);
        return new Config(context.getServletContext());
    }

    private static void assertStartFails(Filter filter, String... words) {
        try (CapturedLog log = new CapturedLog()) {
            assertThatThrownBy(() -> filter.init(config()))
                    .isInstanceOf(ServletException.class)
                    .hasMessageContainingAll(words);
            assertThat(log.text())
                    .containsOnlyOnce("ERROR")
                    .contains("Cannot start the tunnel")
                    .doesNotContain("tunnels at")
                    .contains(words);
            assertThat(Thread.getAllStackTraces().keySet())
                    .noneMatch(thread -> thread.getName().startsWith("v2ws"));
            // Some containers destroy what did not start.
            filter.destroy();
        }
    }

    @Test
    void filterSaysWhatIsMissingAndLeavesNothingRunning() throws Exception {
        Class<?> type = new WithoutJetty().loadClass(WebSocketUpgradeFilter.class.getName());
        Filter filter = (Filter) type.getConstructor().newInstance();
        assertStartFails(
                filter,
                "filter tunnel: no engine can run here: found jetty/12",
                "needs Jetty 12.1 with EE11",
                "ee11-websocket-jetty");
    }
}
