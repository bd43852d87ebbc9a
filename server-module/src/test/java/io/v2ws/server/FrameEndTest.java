package io.v2ws.server;

import io.v2ws.WebSocketEngine;
import io.v2ws.testing.FrameEndRules;
import io.v2ws.testing.FrameRig;
import org.junit.jupiter.api.Nested;

/** F4 and F5: how the peer may end the stream, with our server. */
class FrameEndTest {
    @Nested
    class OnTheDirectEngine extends FrameEndRules {
        @Override
        protected FrameRig newRig() {
            return new FrameServerRig(WebSocketEngine.DIRECT);
        }
    }

    @Nested
    class OnJettysEngine extends FrameEndRules {
        @Override
        protected FrameRig newRig() {
            return new FrameServerRig(WebSocketEngine.JETTY);
        }
    }
}
