package io.v2ws.client;

import java.security.Provider;
import org.conscrypt.Conscrypt;

/** All that holds for the JVM's TLS, with Conscrypt, which nobody has installed in the JVM. */
class ConscryptTest extends TlsTest {
    @Override
    Provider provider() {
        return Conscrypt.newProvider();
    }
}
