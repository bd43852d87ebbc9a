package io.v2ws.server;

import io.v2ws.WebSocketEngine;
import io.v2ws.testing.FrameRig;
import io.v2ws.testing.FrameViolationRules;
import org.junit.jupiter.api.Nested;

/** F7: violations of the protocol, with our server. */
class FrameViolationTest {
    @Nested
    class OnTheDirectEngine extends FrameViolationRules {
        @Override
        protected FrameRig newRig() {
            return new FrameServerRig(WebSocketEngine.DIRECT);
        }
    }

    @Nested
    class OnJettysEngine extends FrameViolationRules {
        @Override
        protected FrameRig newRig() {
            return new FrameServerRig(WebSocketEngine.JETTY);
        }
    }
}
