package io.v2ws.conformance;

import io.v2ws.WebSocketTransportOptions;
import io.v2ws.testing.DeliveryCases;
import io.v2ws.testing.RelayEnds;
import java.time.Duration;

/** Opens relays of the product with options of its own. */
interface Relays extends DeliveryCases.Relays {

    /** Opens both sides of a relay. */
    RelayEnds open(WebSocketTransportOptions options) throws Exception;

    @Override
    default RelayEnds open(Duration pingInterval) throws Exception {
        return open(WebSocketTransportOptions.builder()
                .path(Rig.PATH)
                .pingInterval(pingInterval)
                .pongTimeout(DeliveryCases.PONG_TIMEOUT)
                .halfCloseLinger(DeliveryCases.LINGER)
                .build());
    }
}
