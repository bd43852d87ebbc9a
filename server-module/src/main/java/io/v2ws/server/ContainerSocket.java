package io.v2ws.server;

import jakarta.servlet.http.WebConnection;
import java.io.IOException;
import java.lang.reflect.Field;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes the connection below a {@link WebConnection}. In Tomcat its own close takes effect only when something
 * happens on the connection, which with a peer that is gone, or does not answer, may be never. Tomcat's streams have
 * the socket in a field; where there is none, the standard's close has to do.
 */
final class ContainerSocket {
    private static final Logger LOG = LoggerFactory.getLogger(WebSocketUpgradeFilter.class);
    private static final String TOMCATS_FIELD = "socketWrapper";

    private ContainerSocket() {}

    static void close(WebConnection connection) {
        try {
            Object stream = connection.getOutputStream();
            connection.close();
            for (Field field : stream.getClass().getDeclaredFields()) {
                if (field.getName().equals(TOMCATS_FIELD) && field.trySetAccessible()) {
                    Object socket = field.get(stream);
                    socket.getClass().getMethod("close").invoke(socket);
                }
            }
        } catch (IOException closedAlready) {
            LOG.trace("The connection is closed", closedAlready);
        } catch (Exception x) {
            LOG.debug("The container closes the connection when the peer does", x);
        }
    }
}
