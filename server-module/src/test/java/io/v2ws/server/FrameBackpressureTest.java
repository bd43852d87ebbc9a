package io.v2ws.server;

import io.v2ws.testing.FrameBackpressureRules;
import io.v2ws.testing.FrameRig;

/** F8: backpressure, with our server. */
class FrameBackpressureTest extends FrameBackpressureRules {
    @Override
    protected FrameRig newRig() {
        return new FrameServerRig();
    }
}
