package io.v2ws.cli;

import io.v2ws.internal.net.CidrBlock;
import io.v2ws.internal.net.IpLiteral;
import io.v2ws.internal.net.RequestTarget;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.SocketException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.ee11.proxy.AsyncProxyServlet;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ordinary site on another web server: passes requests on to it, and its responses back, both as they come (S21).
 * Jetty's proxy servlet does that; here are the headers.
 */
final class ProxiedSite extends AsyncProxyServlet {
    private static final long serialVersionUID = 1L;

    /** Of a web server that neither reads nor writes, as nginx has it. */
    private static final Duration SILENCE = Duration.ofSeconds(60);

    private static final Logger LOG = LoggerFactory.getLogger(ProxiedSite.class);

    /** Scheme, host, port and path, without a slash at the end. */
    private final String prefix;

    private final transient List<CidrBlock> trustedProxies;
    private final Duration connectTimeout;
    /** Whether the last request failed, and a line said so. */
    private final AtomicBoolean failing = new AtomicBoolean();

    /**
     * Makes one.
     *
     * @param server the URL of the web server
     * @param trustedProxies whose word about their visitors is passed on; that of others is replaced
     * @param connectTimeout of connections to the web server
     */
    ProxiedSite(URI server, List<CidrBlock> trustedProxies, Duration connectTimeout) {
        this.prefix = server.toString().replaceFirst("/+$", "");
        this.trustedProxies = trustedProxies;
        this.connectTimeout = connectTimeout;
    }

    @Override
    protected HttpClient createHttpClient() throws ServletException {
        HttpClient client = super.createHttpClient();
        client.setConnectTimeout(connectTimeout.toMillis());
        client.setIdleTimeout(SILENCE.toMillis());
        // A stream of events may last as long as it likes.
        setTimeout(0);
        return client;
    }

    @Override
    protected String rewriteTarget(HttpServletRequest request) {
        String query = request.getQueryString() == null ? "" : '?' + request.getQueryString();
        return prefix + RequestTarget.encode(request.getRequestURI() + query);
    }

    /** Keeps {@code Host}, from which a web server makes its links and redirects. */
    @Override
    protected void copyRequestHeaders(HttpServletRequest request, Request toServer) {
        super.copyRequestHeaders(request, toServer);
        String host = request.getHeader(HttpHeader.HOST.asString());
        if (host != null) {
            toServer.headers(headers -> headers.put(HttpHeader.HOST, host));
        }
    }

    /** Without {@code Via}, for which nginx and others would no longer compress. */
    @Override
    protected void addProxyHeaders(HttpServletRequest request, Request toServer) {
        boolean trusted = isTrusted(request.getRemoteAddr());
        toServer.headers(headers -> {
            if (!trusted) {
                headers.remove(HttpHeader.FORWARDED);
                headers.remove(HttpHeader.X_FORWARDED_FOR);
                headers.remove(HttpHeader.X_FORWARDED_PROTO);
                headers.remove(HttpHeader.X_FORWARDED_HOST);
            }
            String before = String.join(", ", headers.getValuesList(HttpHeader.X_FORWARDED_FOR));
            String peer = withoutBrackets(request.getRemoteAddr());
            headers.put(HttpHeader.X_FORWARDED_FOR, before.isEmpty() ? peer : before + ", " + peer);
            addMissing(headers, HttpHeader.X_FORWARDED_PROTO, request.isSecure() ? "https" : "http");
            addMissing(headers, HttpHeader.X_FORWARDED_HOST, request.getHeader(HttpHeader.HOST.asString()));
        });
    }

    /** A response of unknown length may be a stream of events whose first one comes late, so the head goes first. */
    @Override
    protected void onServerResponseHeaders(
            HttpServletRequest request, HttpServletResponse response, Response fromServer) {
        super.onServerResponseHeaders(request, response, fromServer);
        String date = fromServer.getHeaders().get(HttpHeader.DATE);
        if (date != null) {
            response.setHeader(HttpHeader.DATE.asString(), date);
        }
        if (!fromServer.getHeaders().contains(HttpHeader.CONTENT_LENGTH)) {
            try {
                response.flushBuffer();
            } catch (IOException visitorLeft) {
                fromServer.abort(visitorLeft);
            }
        }
    }

    @Override
    protected void onProxyResponseSuccess(
            HttpServletRequest request, HttpServletResponse response, Response fromServer) {
        if (failing.getAndSet(false)) {
            LOG.info("The site {} answers again", prefix);
        }
        super.onProxyResponseSuccess(request, response, fromServer);
    }

    /** Once for many requests. */
    @Override
    protected void onProxyResponseFailure(
            HttpServletRequest request, HttpServletResponse response, Response fromServer, Throwable failure) {
        boolean serversFault = failure instanceof SocketException
                || failure instanceof InterruptedIOException
                || failure instanceof UnknownHostException
                || failure instanceof TimeoutException;
        if (serversFault && !failing.getAndSet(true)) {
            LOG.warn("The site {} does not answer: {}", prefix, failure.toString());
        }
        super.onProxyResponseFailure(request, response, fromServer, failure);
    }

    /** Leaves the date out, which must take the place of Jetty's and not stand beside it. */
    @Override
    protected String filterServerResponseHeader(
            HttpServletRequest request, Response fromServer, String name, String value) {
        return HttpHeader.DATE.is(name) ? null : value;
    }

    private static void addMissing(HttpFields.Mutable headers, HttpHeader name, String value) {
        if (value != null && !headers.contains(name)) {
            headers.put(name, value);
        }
    }

    private boolean isTrusted(String address) {
        InetAddress peer = IpLiteral.parse(withoutBrackets(address));
        return peer != null && trustedProxies.stream().anyMatch(block -> block.contains(peer));
    }

    private static String withoutBrackets(String address) {
        return address.startsWith("[") ? address.substring(1, address.length() - 1) : address;
    }
}
