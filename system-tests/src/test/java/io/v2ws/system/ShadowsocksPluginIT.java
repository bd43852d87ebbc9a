package io.v2ws.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Debian's shadowsocks-v2ray-plugin, in both roles. Nothing stands between our end and the sockets of the test here, so
 * it can be seen what our end itself does to a connection.
 */
@ParameterizedClass(name = "{0}")
@MethodSource("combinations")
class ShadowsocksPluginIT extends TunnelConversations {
    static List<Combination> combinations() {
        return Matrix.shadowsocksPlugin();
    }

    /** The peer's TCP says nothing of it: only keepalive can notice. It takes its time, so not with TLS again. */
    @Test
    @Order(8)
    void f10_aFrozenPeerIsCutOff() throws Exception {
        assumeFalse(combination.link().tls());
        try (Tunnel.Held held = tunnel().hold()) {
            tunnel().peer().freeze();
            try {
                noticed(beyondUs(held));
            } finally {
                tunnel().peer().thaw();
            }
            assertThat(beyondUs(held)).isCompletedWithValue(End.RESET);
        }
    }

    @Test
    @Order(8)
    void f5_aKilledPeerEndsTheConnectionsAsItsKernelDoes() throws Exception {
        try (Tunnel.Held held = tunnel().hold()) {
            tunnel().peer().kill();
            noticed(beyondUs(held));
            assertThat(beyondUs(held)).isCompletedWithValue(looksOrderly() ? End.CLEAN : End.RESET);
        } finally {
            tunnel().peer().restart();
        }
    }

    /** The kernel sends a FIN, as mihomo does on every end. Only TLS shows that it was none. */
    private boolean looksOrderly() {
        return !combination.link().tls();
    }
}
