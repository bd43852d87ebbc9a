package io.v2ws.client;

import io.v2ws.testing.FrameBinaryRules;
import io.v2ws.testing.FrameRig;

/** F1: binary frames of any size and any fragmentation, with our client. */
class FrameBinaryTest extends FrameBinaryRules {
    @Override
    protected FrameRig newRig() throws Exception {
        return new FrameClientRig();
    }
}
