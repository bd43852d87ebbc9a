package io.v2ws.server;

import io.v2ws.WebSocketEngine;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.internal.net.TrustedProxy;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;

/** The settings of a {@link WebSocketUpgradeFilter}. Immutable. */
final class FilterSettings {
    /** Headers that the handshake writes itself. A second value would break the 101 response. */
    private static final Set<String> HANDSHAKE_HEADERS = Set.of(
            "connection",
            "upgrade",
            "sec-websocket-accept",
            "sec-websocket-extensions",
            "content-length",
            "transfer-encoding");

    private final WebSocketTransportOptions options;
    private final TunnelHandler handler;
    private final HostList hosts;
    private final ClientAddressResolver clientAddresses;
    private final WebSocketEngine engine;
    private final Admission admission;
    /** Null for none. */
    private final String healthPath;

    private FilterSettings(Builder builder) {
        options = builder.options;
        handler = builder.handler;
        hosts = builder.hosts;
        clientAddresses = builder.clientAddresses;
        engine = builder.engine;
        admission = builder.admission;
        healthPath = builder.healthPath;
    }

    /**
     * Checks the headers for the 101 response.
     *
     * @throws IllegalArgumentException if one belongs to the handshake itself
     */
    static void requireNoHandshakeHeader(WebSocketTransportOptions options) {
        for (String name : options.headers().keySet()) {
            if (HANDSHAKE_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
                throw new IllegalArgumentException("headers: " + name + " belongs to the handshake itself");
            }
        }
    }

    static Builder builder(WebSocketTransportOptions options, TunnelHandler handler) {
        return new Builder(options, handler);
    }

    WebSocketTransportOptions options() {
        return options;
    }

    TunnelHandler handler() {
        return handler;
    }

    HostList hosts() {
        return hosts;
    }

    ClientAddressResolver clientAddresses() {
        return clientAddresses;
    }

    WebSocketEngine engine() {
        return engine;
    }

    Admission admission() {
        return admission;
    }

    /** Returns the path of the pages about health; null for none. */
    String healthPath() {
        return healthPath;
    }

    /** Makes settings. Every setter checks its argument. */
    static final class Builder {
        private final WebSocketTransportOptions options;
        private final TunnelHandler handler;
        private HostList hosts = new HostList(List.of());
        private ClientAddressResolver clientAddresses = new ClientAddressResolver(List.of());
        private WebSocketEngine engine = WebSocketEngine.DIRECT;
        private Admission admission = request -> Admission.Decision.ADMIT;
        private String healthPath;

        private Builder(WebSocketTransportOptions options, TunnelHandler handler) {
            this.options = Objects.requireNonNull(options, "options");
            this.handler = Objects.requireNonNull(handler, "handler");
            requireNoHandshakeHeader(options);
        }

        Builder hosts(Collection<String> names) {
            hosts = new HostList(names);
            return this;
        }

        Builder trustedProxies(Collection<String> blocks) {
            clientAddresses = new ClientAddressResolver(
                    blocks.stream().map(TrustedProxy::parse).toList());
            return this;
        }

        Builder engine(WebSocketEngine chosen) {
            engine = Objects.requireNonNull(chosen, "engine");
            return this;
        }

        Builder admission(Admission hook) {
            admission = Objects.requireNonNull(hook, "admission");
            return this;
        }

        Builder healthPath(String path) {
            healthPath = HealthPages.requirePath(path);
            return this;
        }

        FilterSettings build() {
            return new FilterSettings(this);
        }
    }
}
