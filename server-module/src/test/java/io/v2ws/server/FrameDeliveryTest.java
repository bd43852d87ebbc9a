package io.v2ws.server;

import io.v2ws.WebSocketEngine;
import io.v2ws.testing.FrameDeliveryCases;
import org.junit.jupiter.api.Nested;

/** F5: what arrived before an end is delivered first, through our server and its forwarder. */
class FrameDeliveryTest {
    @Nested
    class OnTheDirectEngine extends FrameDeliveryCases {
        @Override
        protected Relays newRelays() throws Exception {
            return new ForwardedLinks(WebSocketEngine.DIRECT, false);
        }

        @Override
        protected boolean runsOnJetty() {
            return false;
        }
    }

    @Nested
    class OnJettysEngine extends FrameDeliveryCases {
        @Override
        protected Relays newRelays() throws Exception {
            return new ForwardedLinks(WebSocketEngine.JETTY, false);
        }

        @Override
        protected boolean runsOnJetty() {
            return true;
        }
    }

    @Nested
    class BehindJettysTls extends FrameDeliveryCases {
        @Override
        protected Relays newRelays() throws Exception {
            return new ForwardedLinks(WebSocketEngine.DIRECT, true);
        }

        @Override
        protected boolean runsOnJetty() {
            return false;
        }

        @Override
        protected boolean isSecure() {
            return true;
        }

        @Override
        protected boolean runsOnJettysTls() {
            return true;
        }
    }
}
