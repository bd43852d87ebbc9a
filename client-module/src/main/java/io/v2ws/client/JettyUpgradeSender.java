package io.v2ws.client;

import io.v2ws.WebSocketStream;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.internal.websocket.Handshake;
import io.v2ws.internal.websocket.LastingEndPoint;
import io.v2ws.internal.websocket.Role;
import io.v2ws.internal.websocket.SessionEndpoint;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jetty.client.HttpResponseException;
import org.eclipse.jetty.client.HttpUpgrader;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.client.ClientUpgradeRequest;
import org.eclipse.jetty.websocket.client.JettyUpgradeListener;
import org.eclipse.jetty.websocket.client.WebSocketClient;
import org.eclipse.jetty.websocket.core.exception.WebSocketException;

/** Upgrades by Jetty's {@link WebSocketClient}, with a request of its own. */
final class JettyUpgradeSender implements UpgradeSender {
    /** The attribute of a request that holds its {@link Answer}. */
    private static final String ANSWER = Answer.class.getName();

    private final WebSocketClient client;
    private final ClientSettings settings;
    private final HandshakeListener listener;
    /** What this thread sends: Jetty shows a request to its own listener only when the request goes out. */
    private final ThreadLocal<Answer> sending = new ThreadLocal<>();

    JettyUpgradeSender(WebSocketClient client, ClientSettings settings) {
        this.client = client;
        this.settings = settings;
        this.listener = settings.listener();
        // Each request is given to Jetty's upgrader with the end point that this engine runs on.
        client.getHttpClient().getRequestListeners().addQueuedListener(this::overEndPoint);
    }

    private void overEndPoint(Request request) {
        Answer answer = sending.get();
        if (answer != null) {
            answer.request = request;
        }
        String name = HttpUpgrader.Factory.class.getName();
        if (request.getAttributes().get(name) instanceof HttpUpgrader.Factory jettys) {
            request.attribute(
                    name, (HttpUpgrader.Factory) version -> new OverEndPoint(jettys.newHttpUpgrader(version)));
        }
    }

    @Override
    public CompletableFuture<WebSocketStream> send(String earlyData, Duration timeout) {
        UpgradeResult result = new UpgradeResult();
        SessionEndpoint endpoint = SessionEndpoint.client(settings.options(), settings.scheduler(), result::open);
        Answer answer = new Answer(endpoint, earlyData, result);
        try {
            CompletableFuture<?> session = connect(endpoint, request(earlyData), answer);
            session.whenComplete((opened, failure) -> {
                if (failure != null) {
                    result.completeExceptionally(answer.explain(failure));
                }
            });
            result.failsToo(session);
            result.failAfter(
                    timeout, settings.scheduler(), () -> Opening.timeout(answer.request, settings.name(), timeout));
            result.whenComplete((stream, failure) -> {
                if (failure != null) {
                    Opening.cancel(answer.request);
                }
            });
        } catch (IOException | RuntimeException x) {
            result.completeExceptionally(answer.explain(x));
        }
        return result;
    }

    private CompletableFuture<?> connect(SessionEndpoint endpoint, ClientUpgradeRequest request, Answer answer)
            throws IOException {
        sending.set(answer);
        try {
            return client.connect(endpoint, request, answer);
        } finally {
            sending.remove();
        }
    }

    private ClientUpgradeRequest request(String earlyData) {
        UpgradeHead head = settings.head(earlyData);
        ClientUpgradeRequest request = new ClientUpgradeRequest(settings.requestUri(head.target()));
        head.headers().forEach((name, values) -> {
            if (name.equalsIgnoreCase(WebSocketTransportOptions.SEC_WEBSOCKET_PROTOCOL)) {
                // Jetty drops this header when it is set as one.
                request.setSubProtocols(values);
            } else {
                request.setHeader(name, values);
            }
        });
        return request;
    }

    /** Jetty's upgrader, which makes the WebSocket on a {@link LastingEndPoint}. */
    private final class OverEndPoint implements HttpUpgrader {
        private final HttpUpgrader upgrader;

        OverEndPoint(HttpUpgrader upgrader) {
            this.upgrader = upgrader;
        }

        @Override
        public void prepare(Request request) {
            upgrader.prepare(request);
        }

        @Override
        public void upgrade(Response response, EndPoint endPoint, Callback callback) {
            Answer answer = (Answer) response.getRequest().getAttributes().get(ANSWER);
            HandshakeEvents.answered(listener, response);
            // Here, because Jetty only logs what its listener throws.
            HandshakeException lost =
                    EarlyDataCheck.findFault(settings, answer.key, answer.earlyData, response.getHeaders());
            if (lost != null) {
                answer.result.completeExceptionally(lost);
                endPoint.close();
                callback.failed(lost);
                return;
            }
            LastingEndPoint lasting = new LastingEndPoint(
                    endPoint, client.getHttpClient().getByteBufferPool(), settings.scheduler(), Role.CLIENT);
            answer.endpoint.over(lasting);
            upgrader.upgrade(response, lasting, callback);
        }
    }

    /** Sees the response before Jetty does, and keeps what an error message needs. */
    private final class Answer implements JettyUpgradeListener {
        private final SessionEndpoint endpoint;
        private final String earlyData;
        private final UpgradeResult result;
        private final RefusalBody body;
        private final String key = Handshake.newKey(settings.options().halfClose());
        private volatile Request request;
        private volatile Response response;
        private volatile String fault;

        Answer(SessionEndpoint endpoint, String earlyData, UpgradeResult result) {
            this.result = result;
            this.endpoint = endpoint;
            this.earlyData = earlyData;
            this.body = new RefusalBody(settings.scheduler(), earlyData);
        }

        @Override
        public void onHandshakeRequest(Request sent) {
            request = sent;
            sent.attribute(ANSWER, this);
            // Replaces Jetty's key; Jetty compares the response with the key that stands in the request.
            sent.headers(fields -> fields.put(HttpHeader.SEC_WEBSOCKET_KEY, key));
            sent.onResponseHeaders(head -> {
                if (head.getStatus() != 101) {
                    HandshakeEvents.answered(listener, head);
                    body.begin(head);
                }
            });
            sent.onResponseContent(body);
            sent.onComplete(exchange -> body.end());
        }

        @Override
        public void onHandshakeResponse(Request answered, Response received) {
            response = received;
            fault = received.getStatus() == 101 ? Refusal.wrongVersion(received) : null;
            if (fault != null) {
                throw new IllegalStateException(fault);
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
                    : Refusal.explain(
                            settings.route(),
                            settings.inPath(earlyData),
                            response,
                            body,
                            verdict == null || fault == null ? verdict : fault,
                            failure,
                            Opening.answerTo(request));
        }

        /** What Jetty found wrong with a complete 101; null if the connection broke before it was complete. */
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
