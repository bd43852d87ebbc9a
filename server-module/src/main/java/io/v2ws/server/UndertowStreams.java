package io.v2ws.server;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.WebConnection;
import java.io.Closeable;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Mends what Undertow 2.3 does to upgraded connections. Its streams are ready a moment before the thread of the network
 * is through with them, so only that thread may use them. Where a connection breaks, Undertow goes on writing to it, in
 * a loop without end on that thread, and its close waits for a peer that does not read; both end once it has nothing
 * left to write, which only its private fields can tell it.
 */
final class UndertowStreams {
    private static final Logger LOG = LoggerFactory.getLogger(WebSocketUpgradeFilter.class);

    private UndertowStreams() {}

    /** Whether a connection is one of Undertow's. */
    static boolean has(WebConnection connection) {
        return connection.getClass().getName().startsWith("io.undertow.");
    }

    /** Returns the network thread of a connection, which is an executor too; null if it is not known. */
    static Thread ioThread(WebConnection connection) {
        try {
            Object channel = field(connection, "channel").get(connection);
            Method method = Class.forName(
                            "org.xnio.channels.ConnectedChannel",
                            false,
                            channel.getClass().getClassLoader())
                    .getMethod("getIoThread");
            return (Thread) method.invoke(channel);
        } catch (ReflectiveOperationException | RuntimeException x) {
            LOG.debug("This Undertow is another one: {}", x.toString());
            return null;
        }
    }

    /**
     * Drops what waits to be written.
     *
     * @return whether that was done
     */
    static boolean dropOutput(ServletOutputStream out) {
        try {
            Field buffer = field(out, "buffer");
            if (buffer.get(out) != null) {
                buffer.set(out, ByteBuffer.allocate(0));
            }
            return true;
        } catch (ReflectiveOperationException | RuntimeException x) {
            LOG.debug("This Undertow is another one: {}", x.toString());
            return false;
        }
    }

    /**
     * Closes a connection without waiting for what is to be written.
     *
     * @return whether that was done
     */
    static boolean close(WebConnection connection) {
        try {
            ((Closeable) field(connection, "channel").get(connection)).close();
            return true;
        } catch (IOException closedAlready) {
            return true;
        } catch (ReflectiveOperationException | RuntimeException x) {
            LOG.debug("This Undertow is another one: {}", x.toString());
            return false;
        }
    }

    private static Field field(Object of, String name) throws ReflectiveOperationException {
        Field field = of.getClass().getDeclaredField(name);
        field.setAccessible(true);
        return field;
    }
}
