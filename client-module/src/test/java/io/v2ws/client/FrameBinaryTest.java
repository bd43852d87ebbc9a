package io.v2ws.client;

import io.v2ws.WebSocketEngine;
import io.v2ws.testing.FrameBinaryRules;
import io.v2ws.testing.FrameRig;
import org.junit.jupiter.api.Nested;

/** F1: binary frames of any size and any fragmentation, with our client. */
class FrameBinaryTest {
    @Nested
    class OnTheDirectEngine extends FrameBinaryRules {
        @Override
        protected FrameRig newRig() throws Exception {
            return new FrameClientRig(WebSocketEngine.DIRECT);
        }
    }

    @Nested
    class OnJettysEngine extends FrameBinaryRules {
        @Override
        protected FrameRig newRig() throws Exception {
            return new FrameClientRig(WebSocketEngine.JETTY);
        }
    }
}
