package io.v2ws.client;

import io.v2ws.internal.net.AddressRace;
import io.v2ws.internal.net.ConnectTimeoutException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import org.eclipse.jetty.client.Connection;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.io.ssl.SslHandshakeListener;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.thread.AutoLock;

/**
 * A connection that is being opened for one request, or ahead of any: knows what it waits for, and can be given up.
 * Safe for any thread.
 */
final class Opening extends Promise.Wrapper<Connection> {
    private static final String ATTRIBUTE = Opening.class.getName();

    /** What a request waits for that was sent on a connection opened before. */
    private static final String ANSWER = "HTTP: no answer to the upgrade request";

    private final AutoLock lock = new AutoLock();
    /** Guarded by the lock. */
    private AddressRace race;

    private boolean cancelled;
    /** What it waits for behind TCP; null before that. */
    private volatile String waiting;
    /** Where the server's own answer arrives unencrypted; null if there is TLS, or a proxy that answers before. */
    private volatile ClientEndPoint plain;

    private volatile boolean viaProxy;

    /** Makes the opening of a connection that goes to this promise. */
    Opening(Promise<Connection> promise) {
        super(promise);
    }

    /** Makes the opening of a request's connection. */
    static Opening of(Request request, Promise<Connection> promise) {
        Opening opening = new Opening(promise);
        request.attribute(ATTRIBUTE, opening);
        return opening;
    }

    /** Returns the opening whose connection Jetty makes with this context. */
    static Opening of(Map<String, Object> context) {
        return (Opening) ((Promise.Wrapper<?>) context.get(Connection.PROMISE_CONTEXT_KEY)).getWrapped();
    }

    /** Starts to connect; to be called once. */
    void connect(Supplier<AddressRace> start) {
        AddressRace started = start.get();
        boolean late;
        try (AutoLock ignored = lock.lock()) {
            race = started;
            late = cancelled;
        }
        if (late) {
            started.cancel();
        }
    }

    /** TCP stands. */
    void connected(ProxyUrl proxy) {
        viaProxy = proxy != null;
        if (proxy == null) {
            waiting = ANSWER;
        } else {
            // An HTTP proxy waits for the rest of what it takes for a request.
            waiting = "proxy: no answer from " + proxy + (proxy.socks() ? " (does it speak SOCKS5, or HTTP?)" : "");
        }
    }

    @Override
    public void succeeded(Connection connection) {
        EndPoint endPoint = ((AbstractConnection) connection).getEndPoint();
        if (endPoint instanceof ClientEndPoint own && !viaProxy) {
            plain = own;
        }
        if (endPoint instanceof SslConnection.SslEndPoint secured) {
            waiting = "TLS: no answer to the handshake";
            secured.getSslConnection().addHandshakeListener(new SslHandshakeListener() {
                @Override
                public void handshakeSucceeded(Event event) {
                    waiting = ANSWER;
                }
            });
        } else {
            waiting = ANSWER;
        }
        super.succeeded(connection);
    }

    /** Gives the connect up, if it has not ended. */
    private void cancel() {
        AddressRace begun;
        try (AutoLock ignored = lock.lock()) {
            cancelled = true;
            begun = race;
        }
        if (begun != null) {
            begun.cancel();
        }
    }

    /**
     * Gives the connect of a request up, if the request has none yet.
     *
     * @param request null for none
     */
    static void cancel(Request request) {
        if (request != null && request.getAttributes().get(ATTRIBUTE) instanceof Opening opening) {
            opening.cancel();
        }
    }

    /**
     * Returns how the server's answer to a request begins.
     *
     * @param request null for none
     * @return null if that is not known
     */
    static byte[] answerTo(Request request) {
        if (request == null || !(request.getAttributes().get(ATTRIBUTE) instanceof Opening opening)) {
            return null;
        }
        ClientEndPoint endPoint = opening.plain;
        return endPoint == null ? null : endPoint.begin();
    }

    /**
     * Returns the failure of a request that took too long.
     *
     * @param request null if it was not made yet
     * @param server the URL
     */
    static SocketTimeoutException timeout(Request request, String server, Duration timeout) {
        Object opening = request == null ? null : request.getAttributes().get(ATTRIBUTE);
        String start = "no tunnel to " + server + " within " + timeout.toMillis() + " ms: ";
        return opening instanceof Opening own ? own.timeout(start) : new SocketTimeoutException(start + ANSWER);
    }

    /** Gives the connect up and returns the failure, whose message has this start. */
    SocketTimeoutException timeout(String start) {
        AddressRace begun;
        try (AutoLock ignored = lock.lock()) {
            begun = race;
        }
        String behindTcp = waiting;
        SocketTimeoutException failure = behindTcp == null
                ? new ConnectTimeoutException(start + (begun == null ? "not begun" : begun.pending()))
                : new SocketTimeoutException(start + behindTcp);
        cancel();
        return failure;
    }
}
