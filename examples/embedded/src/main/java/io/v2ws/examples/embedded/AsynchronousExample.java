package io.v2ws.examples.embedded;

// snippet asynchronous
import io.v2ws.WebSocketStream;
import io.v2ws.server.TunnelHandler;
import io.v2ws.server.TunnelRequest;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.Callback;

/** Sends back what a tunnel brings. No thread waits. */
final class AsynchronousExample implements TunnelHandler {
    @Override
    public void onTunnel(WebSocketStream stream, TunnelRequest request) {
        Content.copy(stream, stream, Callback.from(stream::close, stream::abort));
        stream.closed().thenAccept(end -> System.out.println(request.clientAddress() + " sent " + end.bytesIn()));
    }
}
// end
