package io.v2ws.client;

import java.net.InetSocketAddress;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLSession;

/**
 * Hears of the steps of every handshake of a client, in the order in which they happen: look-up, TCP, TLS, upgrade. For
 * diagnosis; it can change nothing. How a handshake ends is told by {@link WebSocketTransportClient#connect} and its
 * stream.
 *
 * <p>Calls come from Jetty's threads and must not block. Those of handshakes that run at the same time are mixed. Through
 * a proxy, look-up and TCP are the proxy's. Text in names, certificates and headers is the peer's, unescaped.
 */
public interface HandshakeListener {

    /** A name, or an address literal, is being looked up. */
    default void onLookup(String host) {}

    /** The look-up gave these addresses, which are tried in this order. */
    default void onResolved(List<InetSocketAddress> addresses) {}

    /** An address is being connected to. */
    default void onConnecting(InetSocketAddress address) {}

    /** An address could not be connected to; the next one is tried, if there is one. */
    default void onConnectFailed(InetSocketAddress address, Throwable cause) {}

    /** TCP is connected. */
    default void onConnected() {}

    /** The certificates of the server, its own first, were not accepted. */
    default void onDistrusted(List<X509Certificate> chain, CertificateException cause) {}

    /**
     * TLS is spoken.
     *
     * @param session version, cipher suite and the certificates of the server
     * @param alpn the protocol agreed on, empty for none
     */
    default void onSecured(SSLSession session, String alpn) {}

    /**
     * The head of the answer to the upgrade request came, right or wrong.
     *
     * @param reason the reason phrase, empty for none
     * @param headers names in the case they came in, each with its values in order
     */
    default void onAnswer(int status, String reason, Map<String, List<String>> headers) {}
}
