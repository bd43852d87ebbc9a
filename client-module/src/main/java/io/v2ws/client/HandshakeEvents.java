package io.v2ws.client;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.io.ssl.SslHandshakeListener;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.SocketAddressResolver;

/** Translates the calls of Jetty's listeners into those of one {@link HandshakeListener}. */
final class HandshakeEvents {
    private HandshakeEvents() {}

    /** Reports look-ups, TCP and TLS. To be called before the client starts, and after its resolver is set. */
    static void report(HandshakeListener listener, HttpClient client, ClientConnector connector) {
        connector.addEventListener(new Tcp(listener));
        // Jetty looks for TLS listeners among the beans of the client.
        client.addBean(new Tls(listener));
        client.setSocketAddressResolver(new Lookups(listener, client.getSocketAddressResolver()));
    }

    /**
     * Reports a response.
     *
     * @param listener null for none
     */
    static void answered(HandshakeListener listener, Response answer) {
        if (listener == null) {
            return;
        }
        listener.onAnswer(answer.getStatus(), answer.getReason() == null ? "" : answer.getReason(), headers(answer));
    }

    /** Returns the headers of a response; names keep their case. */
    static Map<String, List<String>> headers(Response answer) {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        answer.getHeaders()
                .forEach(field -> headers.computeIfAbsent(field.getName(), name -> new ArrayList<>(1))
                        .add(field.getValue() == null ? "" : field.getValue()));
        return headers;
    }

    private record Lookups(HandshakeListener listener, SocketAddressResolver resolver)
            implements SocketAddressResolver {
        @Override
        public void resolve(
                String host, int port, Map<String, Object> context, Promise<List<InetSocketAddress>> promise) {
            listener.onLookup(host);
            resolver.resolve(
                    host,
                    port,
                    context,
                    Promise.from(
                            addresses -> {
                                listener.onResolved(List.copyOf(addresses));
                                promise.succeeded(addresses);
                            },
                            promise::failed));
        }
    }

    private record Tcp(HandshakeListener listener) implements ClientConnector.ConnectListener {
        @Override
        public void onConnectBegin(SocketChannel channel, SocketAddress address) {
            if (address instanceof InetSocketAddress inet) {
                listener.onConnecting(inet);
            }
        }

        @Override
        public void onConnectSuccess(SocketChannel channel) {
            listener.onConnected();
        }

        @Override
        public void onConnectFailure(SocketChannel channel, SocketAddress address, Throwable failure) {
            if (address instanceof InetSocketAddress inet) {
                listener.onConnectFailed(inet, failure);
            }
        }
    }

    private record Tls(HandshakeListener listener) implements SslHandshakeListener {
        @Override
        public void handshakeSucceeded(Event event) {
            String alpn = event.getSSLEngine().getApplicationProtocol();
            listener.onSecured(event.getSSLEngine().getSession(), alpn == null ? "" : alpn);
        }
    }
}
