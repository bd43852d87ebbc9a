package io.v2ws.server;

import io.v2ws.WebSocketEngine;
import io.v2ws.testing.FrameOptions;
import io.v2ws.testing.FrameRelayRules;

/** F5 and F9 through our server and its forwarder. */
class FrameRelayTest extends FrameRelayRules {
    @Override
    protected boolean isServer() {
        return true;
    }

    @Override
    protected Ends open(FrameOptions options) throws Exception {
        ForwardedLinks links = new ForwardedLinks(WebSocketEngine.DIRECT, false);
        Ends ends = links.open(options);
        return new Ends(ends.peer(), ends.tcp(), links);
    }
}
