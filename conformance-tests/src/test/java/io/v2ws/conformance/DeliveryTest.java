package io.v2ws.conformance;

import io.v2ws.testing.DeliveryCases;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** F5: what arrived before an end is delivered first, through our server and through our client. */
@ParameterizedClass(name = "{0}")
@EnumSource
class DeliveryTest extends DeliveryCases {
    @Parameter
    RelayUnderTest relay;

    @BeforeParameterizedClassInvocation
    final void start() throws Exception {
        start(relay.newRelays());
    }

    @AfterParameterizedClassInvocation
    final void closeAll() throws Exception {
        close();
    }
}
