package io.v2ws.server;

import io.v2ws.WebSocketStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.util.Callback;

/** Small things tests do with the server's end of a tunnel. */
final class WebSocketEnds {
    private WebSocketEnds() {}

    /** Writes a text and closes in order. */
    static void writeAndClose(WebSocketStream stream, String text) {
        stream.write(false, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), Callback.NOOP);
        stream.close();
    }
}
