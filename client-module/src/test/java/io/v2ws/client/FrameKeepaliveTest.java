package io.v2ws.client;

import io.v2ws.WebSocketEngine;
import io.v2ws.testing.FrameKeepaliveRules;
import io.v2ws.testing.FrameRig;
import org.junit.jupiter.api.Nested;

/** F10: keepalive, with our client. */
class FrameKeepaliveTest {
    @Nested
    class OnTheDirectEngine extends FrameKeepaliveRules {
        @Override
        protected FrameRig newRig() throws Exception {
            return new FrameClientRig(WebSocketEngine.DIRECT);
        }
    }

    @Nested
    class OnJettysEngine extends FrameKeepaliveRules {
        @Override
        protected FrameRig newRig() throws Exception {
            return new FrameClientRig(WebSocketEngine.JETTY);
        }
    }
}
