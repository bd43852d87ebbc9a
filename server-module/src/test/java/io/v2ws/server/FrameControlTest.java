package io.v2ws.server;

import io.v2ws.WebSocketEngine;
import io.v2ws.testing.FrameControlRules;
import io.v2ws.testing.FrameRig;
import org.junit.jupiter.api.Nested;

/** F2 and F3: text is discarded, pings are answered, with our server. */
class FrameControlTest {
    @Nested
    class OnTheDirectEngine extends FrameControlRules {
        @Override
        protected FrameRig newRig() {
            return new FrameServerRig(WebSocketEngine.DIRECT);
        }
    }

    @Nested
    class OnJettysEngine extends FrameControlRules {
        @Override
        protected FrameRig newRig() {
            return new FrameServerRig(WebSocketEngine.JETTY);
        }
    }
}
