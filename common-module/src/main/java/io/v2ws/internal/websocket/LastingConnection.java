package io.v2ws.internal.websocket;

import java.nio.ByteBuffer;
import java.util.EventListener;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;

/**
 * A connection of Jetty's on a {@link LastingEndPoint}: all that is read passes that end point, from the upgrade on.
 */
public final class LastingConnection implements Connection, Connection.UpgradeTo {
    private final Connection connection;
    private final LastingEndPoint endPoint;

    /** Makes it around a connection of Jetty's. */
    public LastingConnection(Connection connection, LastingEndPoint endPoint) {
        this.connection = connection;
        this.endPoint = endPoint;
    }

    @Override
    public void onUpgradeTo(ByteBuffer readAhead) {
        endPoint.passed(readAhead);
        ((UpgradeTo) connection).onUpgradeTo(readAhead);
    }

    @Override
    public EndPoint getEndPoint() {
        return endPoint;
    }

    @Override
    public void onOpen() {
        connection.onOpen();
    }

    @Override
    public void onClose(Throwable cause) {
        endPoint.closed();
        connection.onClose(cause);
    }

    @Override
    public void close() {
        connection.close();
    }

    @Override
    public boolean onIdleExpired(TimeoutException timeout) {
        return connection.onIdleExpired(timeout);
    }

    @Override
    public void addEventListener(EventListener listener) {
        connection.addEventListener(listener);
    }

    @Override
    public void removeEventListener(EventListener listener) {
        connection.removeEventListener(listener);
    }

    @Override
    public long getMessagesIn() {
        return connection.getMessagesIn();
    }

    @Override
    public long getMessagesOut() {
        return connection.getMessagesOut();
    }

    @Override
    public long getBytesIn() {
        return connection.getBytesIn();
    }

    @Override
    public long getBytesOut() {
        return connection.getBytesOut();
    }

    @Override
    public long getCreatedTimeStamp() {
        return connection.getCreatedTimeStamp();
    }
}
