package io.v2ws.system;

import java.util.List;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Debian's v2ray, in both roles. */
@ParameterizedClass(name = "{0}")
@MethodSource("combinations")
class V2rayIT extends TunnelConversations {
    static List<Combination> combinations() {
        return Matrix.v2ray();
    }
}
