package io.v2ws.server;

import io.v2ws.testing.FrameEndRules;
import io.v2ws.testing.FrameRig;

/** F4 and F5: how the peer may end the stream, with our server. */
class FrameEndTest extends FrameEndRules {
    @Override
    protected FrameRig newRig() {
        return new FrameServerRig();
    }
}
