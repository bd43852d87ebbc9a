package io.v2ws.server;

import io.v2ws.testing.FrameRig;
import io.v2ws.testing.FrameViolationRules;

/** F7: violations of the protocol, with our server. */
class FrameViolationTest extends FrameViolationRules {
    @Override
    protected FrameRig newRig() {
        return new FrameServerRig();
    }
}
