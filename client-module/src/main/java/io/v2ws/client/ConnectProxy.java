package io.v2ws.client;

import io.v2ws.internal.net.HostUrl;
import io.v2ws.internal.net.Printable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.client.Connection;
import org.eclipse.jetty.client.Destination;
import org.eclipse.jetty.client.Origin;
import org.eclipse.jetty.client.ProxyConfiguration;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.ClientConnectionFactory;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Promise;

/**
 * An HTTP proxy that is asked for a tunnel (CONNECT), for {@code ws} too: a proxy that forwards requests may not
 * support upgrades. Replaces Jetty's HttpProxy, which sends the next request before its CONNECT is completely written,
 * and loses some tunnels when the proxy answers fast.
 */
final class ConnectProxy extends ProxyConfiguration.Proxy {
    /** Ready to send, each with its end of line. */
    private final String headers;

    /**
     * Makes the proxy.
     *
     * @param user null for none
     * @param password null for none
     * @param headers to send with CONNECT besides {@code Host} and the credentials
     */
    ConnectProxy(Origin.Address address, String user, String password, Map<String, List<String>> headers) {
        super(address, false, null, null);
        StringBuilder lines = new StringBuilder();
        headers.forEach((name, values) -> values.forEach(
                value -> lines.append(name).append(": ").append(value).append("\r\n")));
        if (user != null) {
            lines.append("Proxy-Authorization: ")
                    .append(HostUrl.basicCredentials(user, password))
                    .append("\r\n");
        }
        this.headers = lines.toString();
    }

    @Override
    public ClientConnectionFactory newClientConnectionFactory(ClientConnectionFactory factory) {
        return (endPoint, context) -> {
            Destination destination = (Destination) context.get(Destination.CONTEXT_KEY);
            return new Connect(endPoint, destination, factory, context);
        };
    }

    /** The connection until the proxy has answered; then another connection replaces it. */
    private final class Connect extends AbstractConnection implements org.eclipse.jetty.io.Connection.UpgradeFrom {
        private static final int LONGEST_ANSWER = 16 * 1024;
        private static final String HTTP = "HTTP/";
        private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.[01] ([0-9]{3})(?: ([^\r\n]*))?");

        private final Destination destination;
        private final ClientConnectionFactory next;
        private final Map<String, Object> context;
        private final ByteBuffer answer = BufferUtil.allocate(LONGEST_ANSWER);

        Connect(EndPoint endPoint, Destination destination, ClientConnectionFactory next, Map<String, Object> context) {
            super(endPoint, executor(destination));
            this.destination = destination;
            this.next = next;
            this.context = context;
        }

        @Override
        public void onOpen() {
            super.onOpen();
            String target = destination.getOrigin().getAddress().asString();
            String request = "CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n" + headers + "\r\n";
            ByteBuffer bytes = ByteBuffer.wrap(request.getBytes(StandardCharsets.UTF_8));
            // The response is read only after the write: the next connection needs an end point that is free to write.
            getEndPoint().write(Callback.from(this::fillInterested, this::fail), bytes);
        }

        @Override
        public void onFillable() {
            try {
                int filled = getEndPoint().fill(answer);
                if (filled < 0) {
                    throw new ConnectionEndedException(
                            "the proxy " + url() + " closed the connection before it had answered", null);
                }
                awaitAnswer();
            } catch (IOException | RuntimeException x) {
                fail(x);
            }
        }

        private void awaitAnswer() throws IOException {
            requireHttp();
            int end = endOfHead();
            if (end >= 0) {
                answered(end);
            } else if (answer.remaining() == LONGEST_ANSWER) {
                throw new IOException("the proxy's answer is longer than " + LONGEST_ANSWER + " bytes");
            } else {
                fillInterested();
            }
        }

        /** Fails at the first byte that no answer of HTTP has: what speaks otherwise may wait for us to go on. */
        private void requireHttp() throws IOException {
            String begin = text().substring(0, Math.min(answer.remaining(), HTTP.length()));
            if (!HTTP.startsWith(begin)) {
                throw begin.charAt(0) == HTTP.charAt(0)
                        ? new IOException("what answers at " + url() + " is no HTTP proxy: its answer is no HTTP: "
                                + Printable.quoted(begin))
                        : WrongProxy.noHttp(url(), answer.get(answer.position()));
            }
        }

        private String url() {
            return "http://" + ConnectProxy.this.getAddress().asString();
        }

        private int endOfHead() {
            int end = text().indexOf("\r\n\r\n");
            return end < 0 ? -1 : end + 4;
        }

        private String text() {
            return BufferUtil.toString(answer, StandardCharsets.ISO_8859_1);
        }

        private static Map<String, List<String>> headers(String head) {
            Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            head.lines().skip(1).forEach(line -> {
                int colon = line.indexOf(':');
                if (colon > 0) {
                    headers.computeIfAbsent(line.substring(0, colon), name -> new ArrayList<>(1))
                            .add(line.substring(colon + 1).strip());
                }
            });
            return headers;
        }

        private static String first(Map<String, List<String>> headers, String name) {
            List<String> values = headers.get(name);
            return values == null ? null : values.get(0);
        }

        /**
         * The proxy has sent the head of an answer.
         *
         * @param end where it ends
         */
        private void answered(int end) throws IOException {
            String line = text().substring(0, text().indexOf("\r\n"));
            Matcher status = STATUS_LINE.matcher(line);
            if (!status.matches()) {
                throw new IOException("the proxy's answer is no HTTP: " + Printable.quoted(line));
            }
            int code = Integer.parseInt(status.group(1));
            if (code < 200 && code != 101) {
                // An interim response (RFC 9110, 15.2); the final one follows.
                answer.position(answer.position() + end);
                BufferUtil.compact(answer);
                awaitAnswer();
                return;
            }
            if (code < 200 || code > 299) {
                String reason = status.group(2) == null ? "" : status.group(2);
                Map<String, List<String>> head = headers(text().substring(0, end));
                ByteBuffer body = answer.slice(answer.position() + end, answer.remaining() - end);
                throw new HandshakeException(
                        code,
                        "from the proxy: " + reason,
                        RefusalHints.forProxyStatus(code, text()),
                        head,
                        RefusalBody.text(first(head, "Content-Type"), first(head, "Content-Encoding"), body),
                        null);
            }
            answer.position(answer.position() + end);
            // The proxy looks the name up.
            Origin.Address target = destination.getOrigin().getAddress();
            context.put(
                    ClientConnector.REMOTE_SOCKET_ADDRESS_CONTEXT_KEY,
                    InetSocketAddress.createUnresolved(target.getHost(), target.getPort()));
            ClientConnectionFactory factory = destination.isSecure()
                    ? destination.getHttpClient().getClientConnector().newSslClientConnectionFactory(null, next)
                    : next;
            getEndPoint().upgrade(factory.newConnection(getEndPoint(), context));
        }

        @Override
        public ByteBuffer onUpgradeFrom() {
            return BufferUtil.copy(answer);
        }

        @Override
        public boolean onIdleExpired(TimeoutException timeout) {
            fail(timeout);
            return false;
        }

        @Override
        public void onFillInterestedFailed(Throwable cause) {
            fail(cause);
        }

        private void fail(Throwable cause) {
            getEndPoint().close(cause);
            @SuppressWarnings("unchecked")
            Promise<Connection> promise = (Promise<Connection>) context.get(Connection.PROMISE_CONTEXT_KEY);
            promise.failed(cause);
        }
    }

    private static Executor executor(Destination destination) {
        return destination.getHttpClient().getExecutor();
    }
}
