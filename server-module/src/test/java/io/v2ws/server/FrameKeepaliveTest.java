package io.v2ws.server;

import io.v2ws.WebSocketEngine;
import io.v2ws.testing.FrameKeepaliveRules;
import io.v2ws.testing.FrameRig;
import org.junit.jupiter.api.Nested;

/** F10: keepalive, with our server. */
class FrameKeepaliveTest {
    @Nested
    class OnTheDirectEngine extends FrameKeepaliveRules {
        @Override
        protected FrameRig newRig() {
            return new FrameServerRig(WebSocketEngine.DIRECT);
        }
    }

    @Nested
    class OnJettysEngine extends FrameKeepaliveRules {
        @Override
        protected FrameRig newRig() {
            return new FrameServerRig(WebSocketEngine.JETTY);
        }
    }
}
