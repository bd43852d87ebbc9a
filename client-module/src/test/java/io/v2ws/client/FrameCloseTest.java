package io.v2ws.client;

import io.v2ws.testing.FrameCloseRules;
import io.v2ws.testing.FrameRig;

/** F6: how this end closes, with our client. */
class FrameCloseTest extends FrameCloseRules {
    @Override
    protected FrameRig newRig() throws Exception {
        return new FrameClientRig();
    }
}
