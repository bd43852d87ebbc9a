package io.v2ws.server;

import io.v2ws.HostAndPort;
import io.v2ws.WebSocketStream;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends back everything it receives; for tests of a tunnel. */
public final class EchoHandler implements TunnelHandler {

    private static final Logger LOG = LoggerFactory.getLogger(EchoHandler.class);

    /** Makes the handler. */
    public EchoHandler() {}

    @Override
    public void onTunnel(WebSocketStream stream, TunnelRequest request) {
        String client = HostAndPort.of(request.clientAddress()).toString();
        LOG.debug("Tunnel from {} to the echo opens", client);
        stream.closed()
                .thenAccept(end -> LOG.debug(
                        "Tunnel from {} to the echo closed after {} bytes up and {} bytes down{}",
                        client,
                        end.bytesIn(),
                        end.bytesOut(),
                        end.isClean() ? "" : ": " + end.failure().getMessage()));
        Content.copy(stream, stream, Callback.from(stream::close, stream::abort));
    }
}
