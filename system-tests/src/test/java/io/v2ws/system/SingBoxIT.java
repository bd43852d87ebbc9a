package io.v2ws.system;

import java.util.List;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** The reference, in both roles. */
@ParameterizedClass(name = "{0}")
@MethodSource("combinations")
class SingBoxIT extends TunnelConversations {
    static List<Combination> combinations() {
        return Matrix.singBox();
    }
}
