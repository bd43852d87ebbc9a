package io.v2ws.client;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.io.ssl.SslHandshakeListener;

/** Translates the calls of Jetty's listeners into those of one {@link HandshakeListener}. */
final class HandshakeEvents {
    private HandshakeEvents() {}

    /** Reports TLS. To be called before the client starts. */
    static void report(HandshakeListener listener, HttpClient client) {
        // Jetty looks for TLS listeners among the beans of the client.
        client.addBean(new Tls(listener));
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

    private record Tls(HandshakeListener listener) implements SslHandshakeListener {
        @Override
        public void handshakeSucceeded(Event event) {
            String alpn = event.getSSLEngine().getApplicationProtocol();
            listener.onSecured(event.getSSLEngine().getSession(), alpn == null ? "" : alpn);
        }
    }
}
