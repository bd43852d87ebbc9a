package io.v2ws.server;

import io.v2ws.WebSocketEngine;
import io.v2ws.testing.FrameDeliveryCases;
import io.v2ws.testing.FrameOptions;
import io.v2ws.testing.FrameRelayRules;
import org.junit.jupiter.api.Nested;

/** F5: what arrived before an end is delivered first, through our server and its forwarder. */
class FrameDeliveryTest {
    @Nested
    class OnTheDirectEngine extends FrameDeliveryCases {
        @Override
        protected FrameRelayRules.Ends open(FrameOptions options) throws Exception {
            return ForwardedLink.open(WebSocketEngine.DIRECT, options);
        }

        @Override
        protected boolean runsOnJetty() {
            return false;
        }
    }

    @Nested
    class OnJettysEngine extends FrameDeliveryCases {
        @Override
        protected FrameRelayRules.Ends open(FrameOptions options) throws Exception {
            return ForwardedLink.open(WebSocketEngine.JETTY, options);
        }

        @Override
        protected boolean runsOnJetty() {
            return true;
        }
    }
}
