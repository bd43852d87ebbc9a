package io.v2ws.internal.websocket;

import io.v2ws.WebSocketStream;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.internal.io.TunnelEndPoint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * The framing of RFC 6455 straight on a Jetty end point, for either role, without Jetty's WebSocket layer. Jetty does
 * the TCP, the TLS and the HTTP of the upgrade and then hands the end point over.
 */
public final class FrameConnection extends AbstractConnection.NonBlocking implements Connection.UpgradeTo {
    private final DirectEngine engine;
    private final Consumer<WebSocketStream> onOpen;

    private final Callback whenFillable = new Callback() {
        @Override
        public void succeeded() {
            onFillable();
        }

        @Override
        public void failed(Throwable cause) {
            onFillInterestedFailed(cause);
        }

        @Override
        public InvocationType getInvocationType() {
            return InvocationType.NON_BLOCKING;
        }
    };

    private FrameConnection(
            EndPoint endPoint,
            Executor executor,
            ByteBufferPool pool,
            Scheduler scheduler,
            WebSocketTransportOptions options,
            Role role,
            UpgradeOffer offer,
            Consumer<WebSocketStream> onOpen) {
        super(endPoint, executor);
        this.onOpen = onOpen;
        this.engine = new DirectEngine(
                endPoint, executor, pool, scheduler, options, role, offer, () -> tryFillInterested(whenFillable));
    }

    /**
     * Makes the connection of a server.
     *
     * @param scheduler for keepalive and close; must outlive the stream
     * @param offer what the upgrade request brought
     * @param onOpen receives the stream once the end point was handed over; must not block
     */
    public static FrameConnection server(
            EndPoint endPoint,
            Executor executor,
            ByteBufferPool pool,
            Scheduler scheduler,
            WebSocketTransportOptions options,
            UpgradeOffer offer,
            Consumer<WebSocketStream> onOpen) {
        return new FrameConnection(endPoint, executor, pool, scheduler, options, Role.SERVER, offer, onOpen);
    }

    /**
     * Makes the connection of a client, see {@link #server}.
     *
     * @param onOpen receives the stream once the end point was handed over; must not block
     */
    public static FrameConnection client(
            EndPoint endPoint,
            Executor executor,
            ByteBufferPool pool,
            Scheduler scheduler,
            WebSocketTransportOptions options,
            Consumer<WebSocketStream> onOpen) {
        return new FrameConnection(
                endPoint, executor, pool, scheduler, options, Role.CLIENT, UpgradeOffer.NONE, onOpen);
    }

    /** Tells the peer that this end goes away (Close 1001) and ends the stream with an error. Safe for any thread. */
    public void goAway() {
        engine.stream().goAway(new IOException("this end is going away"));
    }

    @Override
    public void onUpgradeTo(ByteBuffer readAhead) {
        engine.readAhead(readAhead);
    }

    @Override
    public void onOpen() {
        super.onOpen();
        // Keepalive decides when a link is dead; an idle tunnel is nothing unusual.
        getEndPoint().setIdleTimeout(0);
        TunnelEndPoint quiet = TunnelEndPoint.of(getEndPoint());
        if (quiet != null) {
            quiet.keepInputWhenWritesFail();
        }
        engine.stream().start();
        if (quiet != null) {
            releaseAnswer(quiet);
        }
        onOpen.accept(engine.stream());
    }

    private void releaseAnswer(TunnelEndPoint quiet) {
        try {
            quiet.releaseAnswer();
        } catch (IOException x) {
            engine.onBroken(x);
        }
    }

    @Override
    public void onFillable() {
        engine.onFillable();
    }

    @Override
    public boolean onIdleExpired(TimeoutException timeout) {
        return false;
    }

    @Override
    public void onClose(Throwable cause) {
        super.onClose(cause);
        engine.onClosed(cause);
    }
}
