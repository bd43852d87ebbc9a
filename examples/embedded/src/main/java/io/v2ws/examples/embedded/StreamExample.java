package io.v2ws.examples.embedded;

// snippet stream
import io.v2ws.WebSocketStream;
import io.v2ws.server.TunnelHandler;
import io.v2ws.server.TunnelRequest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executor;

/** Answers each line of a tunnel, by blocking code on threads of the application. */
final class StreamExample implements TunnelHandler {
    private final Executor threads;

    StreamExample(Executor threads) {
        this.threads = threads;
    }

    @Override
    public void onTunnel(WebSocketStream stream, TunnelRequest request) {
        threads.execute(() -> {
            try {
                answer(stream);
                stream.close();
            } catch (IOException failed) {
                stream.abort(failed); // the peer sees an error, not an end
            }
        });
    }

    private static void answer(WebSocketStream stream) throws IOException {
        var in = new BufferedReader(new InputStreamReader(stream.asInputStream(), StandardCharsets.UTF_8));
        OutputStream out = stream.asOutputStream();
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            out.write(("you said " + line + "\n").getBytes(StandardCharsets.UTF_8));
        }
    }
}
// end
