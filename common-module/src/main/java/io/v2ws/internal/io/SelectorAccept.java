package io.v2ws.internal.io;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.util.IO;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Accepts connections on the thread of a selector, which saves waking it from another for each. What accept() fails
 * with is a shortage (of descriptors, of memory) that only time can end: a selector would find the same connection
 * again at once, so for a moment it is not asked.
 */
public final class SelectorAccept {
    private static final Logger LOG = LoggerFactory.getLogger(SelectorAccept.class);
    private static final long SHORTAGE_PAUSE_MILLIS = 100;

    private SelectorAccept() {}

    /** Takes over a connection that was accepted. */
    @FunctionalInterface
    public interface Taker {
        /** Takes it; if this fails, the connection is closed. */
        void take(SocketChannel accepted) throws IOException;
    }

    /**
     * Accepts one connection, if there is one; the selector calls again if there are more.
     *
     * @param server non-blocking, and registered with a selector of {@code manager}, on whose thread this is
     */
    public static void next(SelectableChannel server, SelectorManager manager, Taker taker) {
        SocketChannel accepted;
        try {
            accepted = ((ServerSocketChannel) server).accept();
        } catch (ClosedChannelException closed) {
            return;
        } catch (IOException x) {
            LOG.warn("Cannot accept a connection on {}: {}", address(server), x.toString());
            manager.getBeans(ManagedSelector.class).forEach(selector -> pause(server, selector, manager));
            return;
        }
        if (accepted == null) {
            return;
        }
        try {
            taker.take(accepted);
        } catch (IOException | RuntimeException x) {
            LOG.warn("Cannot serve a connection on {}: {}", address(server), x.toString());
            IO.close(accepted);
        }
    }

    private static void pause(SelectableChannel server, ManagedSelector selector, SelectorManager manager) {
        SelectionKey key = server.keyFor(selector.getSelector());
        if (key == null || !key.isValid()) {
            return;
        }
        key.interestOps(0);
        manager.getScheduler()
                .schedule(
                        () -> selector.submit(woken -> {
                            if (key.isValid()) {
                                key.interestOps(SelectionKey.OP_ACCEPT);
                            }
                        }),
                        SHORTAGE_PAUSE_MILLIS,
                        TimeUnit.MILLISECONDS);
    }

    /** Returns the address in the form people write, which has no slash in front. */
    private static String address(SelectableChannel server) {
        return ((ServerSocketChannel) server)
                .socket()
                .getLocalSocketAddress()
                .toString()
                .replaceFirst(".*/", "");
    }
}
