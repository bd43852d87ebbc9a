package io.v2ws.client;

import io.v2ws.testing.FrameRig;
import io.v2ws.testing.FrameViolationRules;

/** F7: violations of the protocol, with our client. */
class FrameViolationTest extends FrameViolationRules {
    @Override
    protected FrameRig newRig() throws Exception {
        return new FrameClientRig();
    }
}
