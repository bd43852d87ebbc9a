package io.v2ws.server;

import io.v2ws.testing.FrameBinaryRules;
import io.v2ws.testing.FrameRig;

/** F1: binary frames of any size and any fragmentation, with our server. */
class FrameBinaryTest extends FrameBinaryRules {
    @Override
    protected FrameRig newRig() {
        return new FrameServerRig();
    }
}
