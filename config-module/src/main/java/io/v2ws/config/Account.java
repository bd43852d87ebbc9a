package io.v2ws.config;

import java.util.Locale;

/**
 * Who a client is to the proxy protocol inside a tunnel. v2ws does not speak those protocols; it only carries accounts
 * from one dialect to another. Immutable.
 *
 * @param protocol the protocol
 * @param secret the UUID (VLESS, VMess) or password (Trojan), never empty; never shown but where it was asked for
 * @param cipher VMess: its {@code security}, {@code auto} by default; VLESS: its {@code encryption}, {@code none} by
 *     default; Trojan: empty
 * @param alterId VMess: 0 (the default) to 65535; otherwise 0
 * @param flow VLESS: empty by default; otherwise empty
 */
public record Account(Protocol protocol, String secret, String cipher, int alterId, String flow) {
    /** A proxy protocol that travels in tunnels. */
    public enum Protocol {
        /** VLESS. */
        VLESS("none"),
        /** Trojan. */
        TROJAN(""),
        /** VMess. */
        VMESS("auto");

        private final String defaultCipher;

        Protocol(String defaultCipher) {
            this.defaultCipher = defaultCipher;
        }

        /** Returns the name that every dialect uses. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** Returns the protocol of a name in whatever case, as Xray reads it; null if v2ws knows none of that name. */
        static Protocol ofAnyCase(String name) {
            return of(name.toLowerCase(Locale.ROOT));
        }

        /** Returns the protocol of a name, null if v2ws knows none of that name. */
        static Protocol of(String name) {
            for (Protocol protocol : values()) {
                if (protocol.toString().equals(name)) {
                    return protocol;
                }
            }
            return null;
        }
    }

    /** Returns an account with everything but the secret at its default. */
    public static Account of(Protocol protocol, String secret) {
        return new Account(protocol, secret, protocol.defaultCipher, 0, "");
    }

    Account withCipher(String text) {
        return new Account(protocol, secret, text.isEmpty() ? protocol.defaultCipher : text, alterId, flow);
    }

    Account withAlterId(int id) {
        return new Account(protocol, secret, cipher, id, flow);
    }

    Account withFlow(String text) {
        return new Account(protocol, secret, cipher, alterId, text);
    }

    boolean hasDefaultCipher() {
        return cipher.equals(protocol.defaultCipher);
    }

    /** Never shows the secret. */
    @Override
    public String toString() {
        return "Account[" + protocol + "]";
    }
}
