package io.v2ws.client;

import io.v2ws.WebSocketEngine;
import io.v2ws.testing.FrameBackpressureRules;
import io.v2ws.testing.FrameRig;
import org.junit.jupiter.api.Nested;

/** F8: backpressure, with our client. */
class FrameBackpressureTest {
    @Nested
    class OnTheDirectEngine extends FrameBackpressureRules {
        @Override
        protected FrameRig newRig() throws Exception {
            return new FrameClientRig(WebSocketEngine.DIRECT);
        }
    }

    @Nested
    class OnJettysEngine extends FrameBackpressureRules {
        @Override
        protected FrameRig newRig() throws Exception {
            return new FrameClientRig(WebSocketEngine.JETTY);
        }
    }
}
