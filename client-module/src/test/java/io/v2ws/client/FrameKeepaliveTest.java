package io.v2ws.client;

import io.v2ws.testing.FrameKeepaliveRules;
import io.v2ws.testing.FrameRig;

/** F10: keepalive, with our client. */
class FrameKeepaliveTest extends FrameKeepaliveRules {
    @Override
    protected FrameRig newRig() throws Exception {
        return new FrameClientRig();
    }
}
