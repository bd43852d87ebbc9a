package io.v2ws.server;

import io.v2ws.WebSocketEngine;
import io.v2ws.testing.FrameBackpressureRules;
import io.v2ws.testing.FrameRig;
import org.junit.jupiter.api.Nested;

/** F8: backpressure, with our server. */
class FrameBackpressureTest {
    @Nested
    class OnTheDirectEngine extends FrameBackpressureRules {
        @Override
        protected FrameRig newRig() {
            return new FrameServerRig(WebSocketEngine.DIRECT);
        }
    }

    @Nested
    class OnJettysEngine extends FrameBackpressureRules {
        @Override
        protected FrameRig newRig() {
            return new FrameServerRig(WebSocketEngine.JETTY);
        }
    }
}
