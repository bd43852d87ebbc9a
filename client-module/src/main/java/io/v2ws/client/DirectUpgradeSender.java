package io.v2ws.client;

import io.v2ws.WebSocketStream;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.internal.websocket.FrameConnection;
import io.v2ws.internal.websocket.Handshake;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.HttpUpgrader;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.client.Result;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.Callback;

/**
 * Upgrades by Jetty's {@link HttpClient}, which does connection, TLS, proxy and request. This class checks the response
 * as RFC 6455, section 4.1 demands; then a {@link FrameConnection} takes over the end point.
 */
final class DirectUpgradeSender implements UpgradeSender {
    private final HttpClient client;
    private final ClientSettings settings;
    private final HandshakeListener listener;

    DirectUpgradeSender(HttpClient client, ClientSettings settings) {
        this.client = client;
        this.settings = settings;
        this.listener = settings.listener();
    }

    @Override
    public CompletableFuture<WebSocketStream> send(String earlyData, Duration timeout) {
        UpgradeHead head = settings.head(earlyData);
        UpgradeResult result = new UpgradeResult();
        Attempt attempt = new Attempt(head, earlyData, result);
        try {
            Request request = client.newRequest(settings.requestUri(head.target()))
                    .attribute(HttpUpgrader.Factory.class.getName(), (HttpUpgrader.Factory) version -> attempt)
                    .onResponseHeaders(response -> {
                        if (response.getStatus() != 101) {
                            HandshakeEvents.answered(listener, response);
                            attempt.body.begin(response);
                        }
                    })
                    .onResponseContent(attempt.body);
            // Jetty's own timeout keeps a reference to the HTTP connection until it expires, long after the upgrade.
            result.failAfter(timeout, settings.scheduler(), () -> Opening.timeout(request, settings.name(), timeout));
            result.whenComplete((stream, failure) -> {
                if (failure != null) {
                    Opening.cancel(request);
                    request.abort(failure);
                }
            });
            request.send(attempt::completed);
        } catch (RuntimeException x) {
            result.completeExceptionally(Refusal.explain(settings.route(), false, null, null, x));
        }
        return result;
    }

    /** One request. */
    private final class Attempt implements HttpUpgrader {
        private final UpgradeHead head;
        private final String earlyData;
        private final UpgradeResult result;
        private final RefusalBody body;
        private final String key = Handshake.newKey(settings.options().halfClose());
        private volatile String fault;
        /** The server did not take the early data; null if it did, or does not tell. */
        private volatile HandshakeException lost;

        Attempt(UpgradeHead head, String earlyData, UpgradeResult result) {
            this.head = head;
            this.earlyData = earlyData;
            this.body = new RefusalBody(settings.scheduler(), earlyData);
            this.result = result;
        }

        @Override
        public void prepare(Request request) {
            request.method(HttpMethod.GET).version(HttpVersion.HTTP_1_1).headers(fields -> {
                head.headers().forEach((name, values) -> {
                    fields.remove(name);
                    values.forEach(value -> fields.add(name, value));
                });
                fields.put(HttpHeader.UPGRADE, "websocket");
                fields.put(HttpHeader.CONNECTION, "Upgrade");
                fields.put(HttpHeader.SEC_WEBSOCKET_KEY, key);
                fields.put(HttpHeader.SEC_WEBSOCKET_VERSION, "13");
            });
        }

        @Override
        public void upgrade(Response response, EndPoint endPoint, Callback callback) {
            HandshakeEvents.answered(listener, response);
            fault = findFault(response);
            if (fault != null) {
                endPoint.close();
                callback.failed(new IOException(fault));
                return;
            }
            lost = EarlyDataCheck.findFault(settings, key, earlyData, response.getHeaders());
            if (lost != null) {
                endPoint.close();
                callback.failed(lost);
                return;
            }
            FrameConnection connection = FrameConnection.client(
                    endPoint,
                    client.getExecutor(),
                    client.getByteBufferPool(),
                    settings.scheduler(),
                    settings.options(),
                    result::open);
            endPoint.upgrade(connection);
            callback.succeeded();
        }

        private String findFault(Response response) {
            String version = Refusal.wrongVersion(response);
            if (version != null) {
                return version;
            }
            HttpFields answer = response.getHeaders();
            if (!answer.contains(HttpHeader.UPGRADE, "websocket")) {
                return "the answer lacks Upgrade: websocket";
            }
            if (!answer.contains(HttpHeader.CONNECTION, "upgrade")) {
                return "the answer lacks Connection: Upgrade";
            }
            if (!answer.getValuesList(HttpHeader.SEC_WEBSOCKET_ACCEPT).equals(List.of(Handshake.acceptFor(key)))) {
                return "the answer has a wrong Sec-WebSocket-Accept";
            }
            if (answer.contains(HttpHeader.SEC_WEBSOCKET_EXTENSIONS)) {
                return "the answer has an extension that was not asked for";
            }
            List<String> protocols = answer.getValuesList(HttpHeader.SEC_WEBSOCKET_SUBPROTOCOL);
            if (protocols.size() > 1 || (protocols.size() == 1 && !offered().contains(protocols.get(0)))) {
                return "the answer has a subprotocol that was not asked for";
            }
            return null;
        }

        private List<String> offered() {
            return head.headers().entrySet().stream()
                    .filter(header ->
                            header.getKey().equalsIgnoreCase(WebSocketTransportOptions.SEC_WEBSOCKET_PROTOCOL))
                    .flatMap(header -> header.getValue().stream())
                    .flatMap(value -> Stream.concat(Stream.of(value), Arrays.stream(value.split("\\s*,\\s*"))))
                    .toList();
        }

        /** The exchange is over: with an upgrade, or a refusal. */
        void completed(Result exchange) {
            body.end();
            Response response = exchange.getResponse();
            boolean answered = response != null && response.getStatus() > 0;
            if (lost != null) {
                result.completeExceptionally(lost);
                return;
            }
            if (answered && response.getStatus() == 101 && fault == null && exchange.isSucceeded()) {
                return;
            }
            Throwable failure = exchange.getFailure() == null ? new IOException("no upgrade") : exchange.getFailure();
            IOException stale = StaleConnectionException.of(exchange.getRequest(), response, failure);
            result.completeExceptionally(
                    stale != null
                            ? stale
                            : Refusal.explain(
                                    settings.route(),
                                    settings.inPath(earlyData),
                                    answered ? response : null,
                                    body,
                                    fault,
                                    failure,
                                    Opening.answerTo(exchange.getRequest())));
        }
    }
}
