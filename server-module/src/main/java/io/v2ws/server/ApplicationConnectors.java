package io.v2ws.server;

import io.v2ws.internal.io.BeatScheduler;
import io.v2ws.tcp.AddressOrder;
import io.v2ws.tcp.TcpConnector;
import io.v2ws.tcp.TcpKeepAlive;
import jakarta.servlet.ServletContext;
import java.util.HashMap;
import java.util.Map;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.util.component.ContainerLifeCycle;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * The connectors to services that the filters of one web application share, with their threads, scheduler and buffers.
 * The first filter starts them, the last one stops them. There is one connector for each pair of
 * {@link TcpKeepAlive} and {@link AddressOrder}, and so one in nearly every application. Safe for any thread.
 */
final class ApplicationConnectors {
    private static final String ATTRIBUTE = ApplicationConnectors.class.getName();

    /** How many filters use the connectors. Guarded by the servlet context. */
    private int users;

    /** Threads, scheduler, buffers, and the connectors on them. */
    private final Shared shared = new Shared();

    private final Map<Settings, TcpConnector> connectors = new HashMap<>();

    /** What makes a connector differ from another. */
    private record Settings(TcpKeepAlive keepAlive, AddressOrder addressOrder) {}

    /** A life cycle that starts its parts in order and stops them in reverse. */
    private static final class Shared extends ContainerLifeCycle {
        private final QueuedThreadPool threads = new QueuedThreadPool();
        private final Scheduler scheduler = new BeatScheduler("v2ws-scheduler");
        private final ByteBufferPool pool = new ArrayByteBufferPool();

        Shared() {
            threads.setName("v2ws");
            threads.setDaemon(true);
            installBean(threads, true);
            installBean(scheduler, true);
            installBean(pool, true);
        }

        @Override
        public String toString() {
            return "the connections to services";
        }
    }

    private ApplicationConnectors() {}

    /**
     * Returns the connectors of an application, started. Each call needs one of {@link #release}.
     *
     * @throws Exception if they cannot be started; then there is nothing to release
     */
    static ApplicationConnectors acquire(ServletContext context) throws Exception {
        synchronized (context) {
            ApplicationConnectors connectors = (ApplicationConnectors) context.getAttribute(ATTRIBUTE);
            if (connectors == null) {
                connectors = new ApplicationConnectors();
                connectors.start();
                context.setAttribute(ATTRIBUTE, connectors);
            }
            connectors.users++;
            return connectors;
        }
    }

    private void start() throws Exception {
        try {
            shared.start();
        } catch (Exception | Error x) {
            shared.stop();
            throw x;
        }
    }

    /** Gives the connectors back, and stops them if no filter uses them any more. */
    void release(ServletContext context) throws Exception {
        synchronized (context) {
            users--;
            if (users == 0) {
                context.removeAttribute(ATTRIBUTE);
                shared.stop();
            }
        }
    }

    /** Returns the started connector with these settings. */
    TcpConnector connector(TcpKeepAlive keepAlive, AddressOrder addressOrder) {
        synchronized (connectors) {
            return connectors.computeIfAbsent(new Settings(keepAlive, addressOrder), this::newConnector);
        }
    }

    private TcpConnector newConnector(Settings settings) {
        TcpConnector connector = new TcpConnector(
                shared.threads, shared.scheduler, shared.pool, settings.keepAlive(), settings.addressOrder());
        shared.addManaged(connector);
        return connector;
    }

    /** For the timers of tunnels. */
    Scheduler scheduler() {
        return shared.scheduler;
    }
}
