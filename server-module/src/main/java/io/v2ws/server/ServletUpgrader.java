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
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.function.Consumer;
import org.eclipse.jetty.io.AbstractEndPoint;
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
    /** Threads run only what a thread of the container cannot: input that came before a reader waited. */
    private static final int MOST_THREADS = 64;

    private final boolean onTomcat;
    private final OpenTunnels openTunnels = new OpenTunnels();
    private final ByteBufferPool pool = new ArrayByteBufferPool();
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
        InetSocketAddress local = address(request.getLocalAddr(), request.getLocalPort());
        InetSocketAddress remote = address(request.getRemoteAddr(), request.getRemotePort());
        response.setStatus(HttpServletResponse.SC_SWITCHING_PROTOCOLS);
        response.setHeader("Upgrade", "websocket");
        response.setHeader("Connection", "Upgrade");
        response.setHeader("Sec-WebSocket-Accept", Handshake.acceptFor(request.getHeader("Sec-WebSocket-Key")));
        try {
            if (onTomcat) {
                request.upgrade(TomcatUpgradeHandler.class).onUpgraded(socket -> {
                    TomcatEndPoint endPoint = new TomcatEndPoint(socket, scheduler, local, remote);
                    FrameConnection tunnel = tunnel(endPoint, scheduler, options, offer, onOpen);
                    tunnel.onUpgradeTo(endPoint.takeReadAhead());
                    endPoint.onOpen();
                    tunnel.onOpen();
                    return endPoint;
                });
            } else {
                request.upgrade(ServletUpgradeHandler.class).onUpgraded(connection -> {
                    ServletEndPoint endPoint = new ServletEndPoint(connection, scheduler, threads, local, remote);
                    tunnel(endPoint, scheduler, options, offer, onOpen);
                    return endPoint;
                });
            }
        } catch (ServletException x) {
            throw new IOException("the container declined a valid upgrade request: " + x.getMessage(), x);
        }
    }

    private FrameConnection tunnel(
            AbstractEndPoint endPoint,
            Scheduler scheduler,
            WebSocketTransportOptions options,
            UpgradeOffer offer,
            Consumer<WebSocketStream> onOpen) {
        FrameConnection tunnel = FrameConnection.server(endPoint, threads, pool, scheduler, options, offer, onOpen);
        tunnel.addEventListener(openTunnels);
        endPoint.setConnection(tunnel);
        return tunnel;
    }

    /** Takes an address from the container, without a look-up. */
    private static InetSocketAddress address(String literal, int port) throws UnknownHostException {
        return new InetSocketAddress(InetAddress.getByName(literal), port);
    }

    @Override
    public String name() {
        return "the servlet engine";
    }

    @Override
    public void close(Duration patience) {
        openTunnels.close(patience);
        LifeCycle.stop(threads);
    }
}
