package io.v2ws.server;

import io.v2ws.WebSocketStream;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.Callback;

/** Sends back everything it receives; for tests of a tunnel. */
public final class EchoHandler implements TunnelHandler {

    /** Makes the handler. */
    public EchoHandler() {}

    @Override
    public void onTunnel(WebSocketStream stream, TunnelRequest request) {
        Content.copy(stream, stream, Callback.from(stream::close, stream::abort));
    }
}
