package io.v2ws.client;

import io.v2ws.testing.RawWebSocketPeer;
import io.v2ws.testing.TestCertificates;
import java.io.IOException;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;

/** The TLS of a hand-written server: the JDK's, with a look at what the client said. */
final class TlsServer {
    private final SSLContext context;
    private Function<List<String>, String> chooseAlpn = offered -> offered.get(0);
    private boolean wantsClientCertificate;

    /** What a client said in its handshake; {@code alpn} is null if it offered nothing, not even an empty list. */
    record Hello(
            RawWebSocketPeer peer, List<String> serverNames, List<String> alpn, String clientSubject, String cipher) {}

    TlsServer(TestCertificates.Identity identity) {
        this.context = TestCertificates.get().contextOf(identity);
    }

    TlsServer chooseAlpn(Function<List<String>, String> choice) {
        this.chooseAlpn = choice;
        return this;
    }

    TlsServer needClientCertificate() {
        this.wantsClientCertificate = true;
        return this;
    }

    /** Does the handshake of an accepted connection. */
    Hello handshake(Socket socket) throws IOException {
        AtomicReference<List<String>> alpn = new AtomicReference<>();
        SSLSocket tls = (SSLSocket) context.getSocketFactory().createSocket(socket, null, socket.getPort(), true);
        tls.setUseClientMode(false);
        SSLParameters parameters = tls.getSSLParameters();
        // The client's order counts.
        parameters.setUseCipherSuitesOrder(false);
        tls.setSSLParameters(parameters);
        tls.setNeedClientAuth(wantsClientCertificate);
        tls.setHandshakeApplicationProtocolSelector((same, offered) -> {
            alpn.set(List.copyOf(offered));
            return chooseAlpn.apply(offered);
        });
        tls.startHandshake();
        ExtendedSSLSession session = (ExtendedSSLSession) tls.getSession();
        return new Hello(
                RawWebSocketPeer.accept(tls),
                session.getRequestedServerNames().stream().map(TlsServer::text).toList(),
                alpn.get(),
                subject(session),
                session.getCipherSuite());
    }

    private static String text(SNIServerName name) {
        return new String(name.getEncoded(), java.nio.charset.StandardCharsets.UTF_8);
    }

    private static String subject(ExtendedSSLSession session) {
        try {
            return session.getPeerPrincipal().getName();
        } catch (SSLPeerUnverifiedException x) {
            return null;
        }
    }
}
