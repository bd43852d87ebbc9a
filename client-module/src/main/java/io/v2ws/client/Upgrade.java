package io.v2ws.client;

import io.v2ws.SessionEndpoint;
import io.v2ws.WebSocketStream;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.WebSocketTransportOptions.EarlyDataMode;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.client.HttpResponseException;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.util.thread.Scheduler;
import org.eclipse.jetty.websocket.client.ClientUpgradeRequest;
import org.eclipse.jetty.websocket.client.JettyUpgradeListener;
import org.eclipse.jetty.websocket.client.WebSocketClient;

/** Makes upgrade requests: what the options say, with early data in the path or in a header. */
final class Upgrade {
    private final WebSocketClient client;
    private final WebSocketTransportOptions options;
    private final String origin;
    private final String host;
    private final Scheduler scheduler;

    /**
     * Makes an upgrade to one server.
     *
     * @param origin scheme, host and port to dial
     * @param host the value of the {@code Host} header, unless the options set one
     */
    Upgrade(
            WebSocketClient client,
            WebSocketTransportOptions options,
            String origin,
            String host,
            Scheduler scheduler) {
        this.client = client;
        this.options = options;
        this.origin = origin;
        this.host = host;
        this.scheduler = scheduler;
    }

    /**
     * Sends one upgrade request.
     *
     * @param earlyData base64url, empty for none
     * @return completes with the open stream, or with an {@link IOException}
     */
    CompletableFuture<WebSocketStream> send(String earlyData) {
        CompletableFuture<WebSocketStream> result = new CompletableFuture<>();
        ClientUpgradeRequest request = new ClientUpgradeRequest(URI.create(origin + target(earlyData)));
        request.setTimeout(options.handshakeTimeout().toMillis(), TimeUnit.MILLISECONDS);
        setHeaders(request, earlyData);
        SessionEndpoint endpoint = SessionEndpoint.client(options, scheduler, stream -> {
            if (!result.complete(stream)) {
                stream.abort(new IOException("the upgrade was cancelled"));
            }
        });
        Answer answer = new Answer();
        try {
            CompletableFuture<?> session = client.connect(endpoint, request, answer);
            session.whenComplete((opened, failure) -> {
                if (failure != null) {
                    result.completeExceptionally(explain(answer, failure));
                }
            });
            result.whenComplete((stream, failure) -> {
                if (failure != null) {
                    session.completeExceptionally(failure);
                }
            });
        } catch (IOException | RuntimeException x) {
            result.completeExceptionally(explain(answer, x));
        }
        return result;
    }

    private String target(String earlyData) {
        String path = options.path();
        if (earlyData.isEmpty() || options.earlyDataMode() != EarlyDataMode.PATH) {
            return path;
        }
        int query = path.indexOf('?');
        return query < 0 ? path + earlyData : path.substring(0, query) + earlyData + path.substring(query);
    }

    private void setHeaders(ClientUpgradeRequest request, String earlyData) {
        request.setHeader(HttpHeader.HOST.asString(), host);
        boolean inHeader = !earlyData.isEmpty() && options.earlyDataMode() == EarlyDataMode.HEADER;
        options.headers().forEach((name, values) -> {
            if (inHeader && name.equalsIgnoreCase(options.earlyDataHeaderName())) {
                return;
            }
            setHeader(request, name, values);
        });
        if (inHeader) {
            setHeader(request, options.earlyDataHeaderName(), List.of(earlyData));
        }
    }

    private static void setHeader(ClientUpgradeRequest request, String name, List<String> values) {
        if (name.equalsIgnoreCase(WebSocketTransportOptions.SEC_WEBSOCKET_PROTOCOL)) {
            // Jetty drops this one when it is set as a header.
            request.setSubProtocols(values);
        } else {
            request.setHeader(name, values);
        }
    }

    private static IOException explain(Answer answer, Throwable failure) {
        if (answer.status != 0) {
            String reason = answer.status == 101 ? answer.fault(failure) : answer.reason;
            return new HandshakeException(answer.status, reason, Hints.forStatus(answer.status), failure);
        }
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof HttpResponseException refused) {
                Response response = refused.getResponse();
                return new HandshakeException(
                        response.getStatus(),
                        "from the proxy: " + response.getReason(),
                        Hints.forProxyStatus(response.getStatus()),
                        failure);
            }
            if (cause instanceof TimeoutException) {
                SocketTimeoutException timeout = new SocketTimeoutException("handshake: " + cause.getMessage());
                timeout.initCause(failure);
                return timeout;
            }
        }
        return failure instanceof IOException io
                ? io
                : new IOException("handshake failed: " + failure.getMessage(), failure);
    }

    /** Looks at the answer of the server before Jetty does: keeps what an error has to tell. */
    private static final class Answer implements JettyUpgradeListener {
        private volatile int status;
        private volatile String reason = "";
        private volatile String fault;

        @Override
        public void onHandshakeResponse(Request request, Response response) {
            status = response.getStatus();
            reason = response.getReason() == null ? "" : response.getReason();
            if (status == 101 && !response.getHeaders().contains(HttpHeader.UPGRADE, "websocket")) {
                fault = "the answer lacks Upgrade: websocket";
                throw new IllegalStateException(fault);
            }
        }

        String fault(Throwable failure) {
            return fault != null ? fault : String.valueOf(failure.getMessage());
        }
    }
}
