package io.v2ws.server;

import io.v2ws.WebSocketStream;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.internal.websocket.FrameConnection;
import io.v2ws.internal.websocket.Handshake;
import io.v2ws.internal.websocket.UpgradeOffer;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.Consumer;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Upgrades for {@link io.v2ws.WebSocketEngine#SERVLET}: through the Servlet API, which every container has, and on
 * Tomcat with its connections. The framing is that of the direct engine.
 */
final class ServletUpgrader implements Upgrader {
    /** These threads do what a thread of the container cannot: read input that came before a reader waited, and close. */
    private static final int MOST_THREADS = 64;

    private final boolean onTomcat;
    private final OpenTunnels openTunnels = new OpenTunnels();
    private final ByteBufferPool pool = new ArrayByteBufferPool();
    private volatile boolean closed;
    private final QueuedThreadPool threads = new QueuedThreadPool(MOST_THREADS, 0);

    /**
     * Makes the upgrader of one filter.
     *
     * @param onTomcat whether the container is Tomcat, whose own classes do what its Servlet streams cannot
     */
    ServletUpgrader(boolean onTomcat) throws ServletException {
        this.onTomcat = onTomcat;
        threads.setName("v2ws-servlet");
        threads.setDaemon(true);
        try {
            threads.start();
        } catch (Exception x) {
            throw new ServletException("cannot start threads: " + x.getMessage(), x);
        }
    }

    @Override
    public void upgrade(
            HttpServletRequest request,
            HttpServletResponse response,
            WebSocketTransportOptions options,
            UpgradeOffer offer,
            Scheduler scheduler,
            Consumer<WebSocketStream> onOpen)
            throws IOException {
        InetSocketAddress local = new InetSocketAddress(
                TunnelRequestReader.address(request.getLocalAddr()), Math.max(0, request.getLocalPort()));
        InetSocketAddress remote = new InetSocketAddress(
                TunnelRequestReader.address(request.getRemoteAddr()), Math.max(0, request.getRemotePort()));
        response.setStatus(HttpServletResponse.SC_SWITCHING_PROTOCOLS);
        response.setHeader("Upgrade", "websocket");
        response.setHeader("Connection", "Upgrade");
        response.setHeader("Sec-WebSocket-Accept", Handshake.acceptFor(request.getHeader("Sec-WebSocket-Key")));
        openTunnels.opening();
        try {
            if (onTomcat) {
                request.upgrade(TomcatUpgradeHandler.class)
                        .onUpgraded(
                                socket -> {
                                    var endPoint = new TomcatEndPoint(socket, scheduler, local, remote);
                                    connect(endPoint, scheduler, options, offer, onOpen);
                                    return endPoint;
                                },
                                openTunnels::opened);
            } else {
                request.upgrade(ServletUpgradeHandler.class)
                        .onUpgraded(
                                connection -> {
                                    var endPoint = new ServletEndPoint(connection, scheduler, threads, local, remote);
                                    connect(endPoint, scheduler, options, offer, onOpen);
                                    return endPoint;
                                },
                                openTunnels::opened);
            }
        } catch (IOException | ServletException | RuntimeException x) {
            openTunnels.opened();
            throw new IOException("the container declined a valid upgrade request: " + x.getMessage(), x);
        }
    }

    /** Puts a tunnel on an end point that has not been opened. */
    private void connect(
            ContainerEndPoint endPoint,
            Scheduler scheduler,
            WebSocketTransportOptions options,
            UpgradeOffer offer,
            Consumer<WebSocketStream> onOpen)
            throws IOException {
        if (closed) {
            throw new IOException("the application has stopped");
        }
        FrameConnection tunnel = FrameConnection.server(endPoint, threads, pool, scheduler, options, offer, onOpen);
        tunnel.addEventListener(openTunnels);
        endPoint.setConnection(tunnel);
    }

    @Override
    public String name() {
        return "the servlet engine";
    }

    @Override
    public void close(Duration patience) {
        openTunnels.close(patience);
        closed = true;
        LifeCycle.stop(threads);
    }
}
