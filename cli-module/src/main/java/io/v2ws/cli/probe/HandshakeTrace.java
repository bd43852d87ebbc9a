package io.v2ws.cli.probe;

import io.v2ws.client.EarlyDataAnswer;
import io.v2ws.client.HandshakeListener;
import java.net.InetSocketAddress;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/** Records the last handshake of a client. Thread-safe. */
final class HandshakeTrace implements HandshakeListener {
    /** An address that could not be connected to. */
    record Attempt(InetSocketAddress address, Throwable failure) {}

    /** The result of the TLS handshake. */
    record Tls(String version, String cipher, String alpn, Duration took) {}

    /** The head of the response. */
    record Answer(int status, String reason, Map<String, List<String>> headers, Duration took) {
        /** The first value of a header, empty for none. */
        String header(String name) {
            return headers.entrySet().stream()
                    .filter(header -> header.getKey().equalsIgnoreCase(name))
                    .flatMap(header -> header.getValue().stream())
                    .findFirst()
                    .orElse("");
        }
    }

    private long last;
    private String host;
    private Duration lookupTook;
    private List<InetSocketAddress> addresses = List.of();
    private InetSocketAddress connecting;
    /** When each connect began. */
    private final Map<InetSocketAddress, Long> begun = new HashMap<>();

    private final List<Attempt> attempts = new ArrayList<>();
    private Duration connectTook;
    private List<X509Certificate> chain = List.of();
    private CertificateException distrust;
    private Tls tls;
    private Answer answer;
    private EarlyDataAnswer earlyData;

    /** Clears the trace for a new handshake. */
    synchronized void begin() {
        last = System.nanoTime();
        host = null;
        lookupTook = null;
        addresses = List.of();
        connecting = null;
        begun.clear();
        attempts.clear();
        connectTook = null;
        chain = List.of();
        distrust = null;
        tls = null;
        answer = null;
        earlyData = null;
    }

    private Duration lap() {
        long now = System.nanoTime();
        Duration lap = Duration.ofNanos(now - last);
        last = now;
        return lap;
    }

    @Override
    public synchronized void onLookup(String name) {
        host = name;
        lap();
    }

    @Override
    public synchronized void onResolved(List<InetSocketAddress> found) {
        addresses = found;
        lookupTook = lap();
    }

    @Override
    public synchronized void onConnecting(InetSocketAddress address) {
        connecting = address;
        begun.put(address, System.nanoTime());
    }

    @Override
    public synchronized void onConnectFailed(InetSocketAddress address, Throwable cause) {
        attempts.add(new Attempt(address, cause));
        if (address.equals(connecting)) {
            connecting = null;
        }
    }

    @Override
    public synchronized void onConnected(InetSocketAddress address) {
        connecting = address;
        connectTook = Duration.ofNanos(System.nanoTime() - begun.get(address));
        lap();
    }

    @Override
    public synchronized void onDistrusted(List<X509Certificate> certificates, CertificateException cause) {
        chain = certificates;
        distrust = cause;
    }

    @Override
    public synchronized void onSecured(SSLSession session, String alpn) {
        tls = new Tls(session.getProtocol(), session.getCipherSuite(), alpn, lap());
        try {
            Certificate[] certificates = session.getPeerCertificates();
            chain = Stream.of(certificates)
                    .filter(X509Certificate.class::isInstance)
                    .map(X509Certificate.class::cast)
                    .toList();
        } catch (SSLPeerUnverifiedException none) {
            chain = List.of();
        }
    }

    @Override
    public synchronized void onAnswer(int status, String reason, Map<String, List<String>> headers) {
        answer = new Answer(status, reason, headers, lap());
    }

    @Override
    public synchronized void onEarlyData(EarlyDataAnswer told) {
        earlyData = told;
    }

    /** What the server tells about the early data; null if none was sent, or the upgrade was refused. */
    synchronized EarlyDataAnswer earlyData() {
        return earlyData;
    }

    /** The name that was looked up; null if there was no look-up. */
    synchronized String host() {
        return host;
    }

    /** Null if the look-up did not succeed. */
    synchronized Duration lookupTook() {
        return lookupTook;
    }

    synchronized List<InetSocketAddress> addresses() {
        return addresses;
    }

    /** The address of the last connect that has not failed; null for none. */
    synchronized InetSocketAddress connecting() {
        return connecting;
    }

    synchronized List<Attempt> failedAttempts() {
        return List.copyOf(attempts);
    }

    /** Null if no address could be connected to. */
    synchronized Duration connectTook() {
        return connectTook;
    }

    /** The server's certificates, its own first. */
    synchronized List<X509Certificate> chain() {
        return chain;
    }

    /** Why the certificates were not accepted; null if they were accepted, or none came. */
    synchronized CertificateException distrust() {
        return distrust;
    }

    /** Null if the TLS handshake did not succeed. */
    synchronized Tls tls() {
        return tls;
    }

    /** Null if none came. */
    synchronized Answer answer() {
        return answer;
    }
}
