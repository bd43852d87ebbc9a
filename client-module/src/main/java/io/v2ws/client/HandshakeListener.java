package io.v2ws.client;

import java.net.InetSocketAddress;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLSession;

/**
 * Receives the steps of every handshake of a client, in order: look-up, TCP, TLS, upgrade. For diagnosis; a listener
 * cannot change a handshake. {@link WebSocketTransportClient#connect} and its stream report how a handshake ends.
 *
 * <p>Calls come from network threads, or from the thread that opens the tunnel, and must not block. Calls of concurrent
 * handshakes are mixed. With a proxy, look-up and TCP are those of the connection to the proxy. Text in names,
 * certificates and headers comes from the peer, unescaped.
 */
public interface HandshakeListener {

    /** The look-up of a name or address literal starts. */
    default void onLookup(String host) {}

    /** The look-up returned these addresses; the client tries them in this order, the next one after 250 ms (C24). */
    default void onResolved(List<InetSocketAddress> addresses) {}

    /** A TCP connect to an address starts; earlier ones may still be under way. */
    default void onConnecting(InetSocketAddress address) {}

    /** A TCP connect failed, or was given up because another address was faster. */
    default void onConnectFailed(InetSocketAddress address, Throwable cause) {}

    /** TCP is connected. */
    default void onConnected() {}

    /** TCP is connected to this address. Calls {@link #onConnected()} by default. */
    default void onConnected(InetSocketAddress address) {
        onConnected();
    }

    /** The client did not accept the certificates of the server, the server's own first. */
    default void onDistrusted(List<X509Certificate> chain, CertificateException cause) {}

    /**
     * The TLS handshake is complete.
     *
     * @param session version, cipher suite and the certificates of the server
     * @param alpn the negotiated protocol, empty for none
     */
    default void onSecured(SSLSession session, String alpn) {}

    /**
     * The head of the response to the upgrade request came, a refusal or a 101, valid or not.
     *
     * @param reason the reason phrase, empty for none
     * @param headers names in their original case, each with its values in order
     */
    default void onAnswer(int status, String reason, Map<String, List<String>> headers) {}

    /** The response accepts an upgrade request that carried early data, and tells this about the early data. */
    default void onEarlyData(EarlyDataAnswer answer) {}
}
