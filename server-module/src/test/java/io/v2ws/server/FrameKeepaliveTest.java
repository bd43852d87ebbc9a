package io.v2ws.server;

import io.v2ws.testing.FrameKeepaliveRules;
import io.v2ws.testing.FrameRig;

/** F10: keepalive, with our server. */
class FrameKeepaliveTest extends FrameKeepaliveRules {
    @Override
    protected FrameRig newRig() {
        return new FrameServerRig();
    }
}
