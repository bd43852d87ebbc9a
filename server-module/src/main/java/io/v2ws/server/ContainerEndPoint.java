package io.v2ws.server;

import java.io.IOException;
import java.net.SocketAddress;
import org.eclipse.jetty.io.AbstractEndPoint;
import org.eclipse.jetty.util.thread.Scheduler;

/** A connection of a servlet container that is not Jetty, as an end point for the framing of the direct engine. */
abstract class ContainerEndPoint extends AbstractEndPoint {
    private final SocketAddress local;
    private final SocketAddress remote;

    ContainerEndPoint(Scheduler scheduler, SocketAddress local, SocketAddress remote) {
        super(scheduler);
        this.local = local;
        this.remote = remote;
    }

    /** Opens the connection that was set, once the 101 has gone out. */
    abstract void start() throws IOException;

    @Override
    public final void onClose(Throwable failure) {
        super.onClose(failure);
        getConnection().onClose(failure);
    }

    @Override
    public final SocketAddress getLocalSocketAddress() {
        return local;
    }

    @Override
    public final SocketAddress getRemoteSocketAddress() {
        return remote;
    }
}
