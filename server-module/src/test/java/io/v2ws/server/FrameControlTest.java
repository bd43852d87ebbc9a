package io.v2ws.server;

import io.v2ws.testing.FrameControlRules;
import io.v2ws.testing.FrameRig;

/** F2 and F3: text is discarded, pings are answered, with our server. */
class FrameControlTest extends FrameControlRules {
    @Override
    protected FrameRig newRig() {
        return new FrameServerRig();
    }
}
