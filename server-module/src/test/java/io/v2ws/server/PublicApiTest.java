package io.v2ws.server;

import io.v2ws.testing.PublicApi;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class PublicApiTest {
    @Test
    void thePublicApiIsTheOneThatIsListed() throws IOException {
        PublicApi.assertListed();
    }
}
