package io.v2ws.server;

import io.v2ws.testing.FrameCloseRules;
import io.v2ws.testing.FrameRig;

/** F6: how this end closes, with our server. */
class FrameCloseTest extends FrameCloseRules {
    @Override
    protected FrameRig newRig() {
        return new FrameServerRig();
    }
}
