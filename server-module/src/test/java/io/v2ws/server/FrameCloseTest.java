package io.v2ws.server;

import io.v2ws.WebSocketEngine;
import io.v2ws.testing.FrameCloseRules;
import io.v2ws.testing.FrameRig;
import org.junit.jupiter.api.Nested;

/** F6: how this end closes, with our server. */
class FrameCloseTest {
    @Nested
    class OnTheDirectEngine extends FrameCloseRules {
        @Override
        protected FrameRig newRig() {
            return new FrameServerRig(WebSocketEngine.DIRECT);
        }
    }

    @Nested
    class OnJettysEngine extends FrameCloseRules {
        @Override
        protected FrameRig newRig() {
            return new FrameServerRig(WebSocketEngine.JETTY);
        }
    }
}
