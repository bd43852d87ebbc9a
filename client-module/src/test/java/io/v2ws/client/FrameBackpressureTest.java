package io.v2ws.client;

import io.v2ws.testing.FrameBackpressureRules;
import io.v2ws.testing.FrameRig;

/** F8: backpressure, with our client. */
class FrameBackpressureTest extends FrameBackpressureRules {
    @Override
    protected FrameRig newRig() throws Exception {
        return new FrameClientRig();
    }
}
