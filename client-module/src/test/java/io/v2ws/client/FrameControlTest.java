package io.v2ws.client;

import io.v2ws.testing.FrameControlRules;
import io.v2ws.testing.FrameRig;

/** F2 and F3: text is discarded, pings are answered, with our client. */
class FrameControlTest extends FrameControlRules {
    @Override
    protected FrameRig newRig() throws Exception {
        return new FrameClientRig();
    }
}
