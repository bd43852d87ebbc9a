package io.v2ws.client;

import io.v2ws.WebSocketStream;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.internal.websocket.Handshake;
import io.v2ws.internal.websocket.SessionEndpoint;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.client.HttpResponseException;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.util.thread.Scheduler;
import org.eclipse.jetty.websocket.client.ClientUpgradeRequest;
import org.eclipse.jetty.websocket.client.JettyUpgradeListener;
import org.eclipse.jetty.websocket.client.WebSocketClient;
import org.eclipse.jetty.websocket.core.exception.WebSocketException;

/** Upgrades by Jetty's {@link WebSocketClient}, with a customised request. */
final class JettyUpgrade implements Upgrade {
    private final WebSocketClient client;
    private final WebSocketTransportOptions options;
    private final String origin;
    private final String dialled;
    private final String host;
    private final Scheduler scheduler;
    private final HandshakeListener listener;

    /**
     * Makes an upgrade to one server.
     *
     * @param origin scheme, host and port to dial
     * @param dialled what is connected to, for messages: the server or a proxy
     * @param host the value of the {@code Host} header, unless the options set one
     */
    JettyUpgrade(
            WebSocketClient client,
            WebSocketTransportOptions options,
            String origin,
            String dialled,
            String host,
            Scheduler scheduler,
            HandshakeListener listener) {
        this.client = client;
        this.options = options;
        this.origin = origin;
        this.dialled = dialled;
        this.host = host;
        this.scheduler = scheduler;
        this.listener = listener;
    }

    @Override
    public CompletableFuture<WebSocketStream> send(String earlyData, Duration timeout) {
        CompletableFuture<WebSocketStream> result = new CompletableFuture<>();
        SessionEndpoint endpoint = SessionEndpoint.client(options, scheduler, stream -> {
            if (!result.complete(stream)) {
                stream.abort(new IOException("the upgrade was cancelled"));
            }
        });
        Answer answer = new Answer();
        try {
            CompletableFuture<?> session = client.connect(endpoint, request(earlyData, timeout), answer);
            session.whenComplete((opened, failure) -> {
                if (failure != null) {
                    result.completeExceptionally(answer.explain(failure));
                }
            });
            result.whenComplete((stream, failure) -> {
                if (failure != null) {
                    session.completeExceptionally(failure);
                }
            });
        } catch (IOException | RuntimeException x) {
            result.completeExceptionally(answer.explain(x));
        }
        return result;
    }

    private ClientUpgradeRequest request(String earlyData, Duration timeout) {
        UpgradeHead head = UpgradeHead.of(options, host, earlyData);
        ClientUpgradeRequest request = new ClientUpgradeRequest(URI.create(origin + head.target()));
        request.setTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS);
        head.headers().forEach((name, values) -> {
            if (name.equalsIgnoreCase(WebSocketTransportOptions.SEC_WEBSOCKET_PROTOCOL)) {
                // Jetty drops this one when it is set as a header.
                request.setSubProtocols(values);
            } else {
                request.setHeader(name, values);
            }
        });
        return request;
    }

    /** Looks at the answer of the server before Jetty does: keeps what an error has to tell. */
    private final class Answer implements JettyUpgradeListener {
        private volatile Request request;
        private volatile Response response;
        private volatile String fault;

        @Override
        public void onHandshakeRequest(Request sent) {
            request = sent;
            // In the place of the one Jetty made; it compares the answer with what the request says.
            sent.headers(fields -> fields.put(HttpHeader.SEC_WEBSOCKET_KEY, Handshake.newKey(options.halfClose())));
            sent.onResponseHeaders(head -> {
                if (head.getStatus() != 101) {
                    HandshakeEvents.answered(listener, head);
                    head.abort(new IOException("refused with status " + head.getStatus()));
                }
            });
        }

        @Override
        public void onHandshakeResponse(Request answered, Response received) {
            response = received;
            if (received.getStatus() == 101) {
                HandshakeEvents.answered(listener, received);
            }
            if (received.getStatus() == 101 && !received.getHeaders().contains(HttpHeader.UPGRADE, "websocket")) {
                fault = "the answer lacks Upgrade: websocket";
                throw new IllegalStateException(fault);
            }
        }

        IOException explain(Throwable failure) {
            IOException stale = StaleConnectionException.of(request, response, failure);
            // What is missing from an answer that broke off is not the server's fault.
            String verdict = verdict(failure);
            return stale != null
                    ? stale
                    : Refusal.explain(dialled, response, verdict == null || fault == null ? verdict : fault, failure);
        }

        /** What Jetty found wrong with a whole 101; null if the connection broke before it was there. */
        private String verdict(Throwable failure) {
            for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
                // Exactly this class: its subclass UpgradeException wraps every failure.
                if (cause instanceof HttpResponseException || cause.getClass() == WebSocketException.class) {
                    return String.valueOf(cause.getMessage());
                }
            }
            return null;
        }
    }
}
