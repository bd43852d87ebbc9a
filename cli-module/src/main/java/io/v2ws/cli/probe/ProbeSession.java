package io.v2ws.cli.probe;

import io.v2ws.WebSocketTransportOptions;
import io.v2ws.WebSocketTransportOptions.EarlyDataMode;
import io.v2ws.client.WebSocketTransportClient;
import io.v2ws.tcp.TcpConnector;
import io.v2ws.tcp.TcpKeepAlive;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** The clients and the time limit that the steps of a probe share. Not thread-safe. */
final class ProbeSession implements AutoCloseable {
    /** The most early data that is tried. */
    static final int MOST_EARLY_DATA = 16 * 1024;

    private static final byte[] NOTHING = {};

    private final ProbeTarget target;
    private final TimeLimit whole;
    private final Consumer<String> progress;
    /** Without TCP keepalive: its packets would keep an idle path open that the probe must find closed. */
    private final TcpConnector connector = new TcpConnector(TcpKeepAlive.OFF);

    private final HandshakeTrace trace = new HandshakeTrace();
    private final Map<WebSocketTransportOptions, WebSocketTransportClient> clients = new HashMap<>();

    ProbeSession(ProbeTarget target, Duration whole, Consumer<String> progress) throws IOException {
        this.target = target;
        this.whole = TimeLimit.in(whole);
        this.progress = progress;
        try {
            connector.start();
        } catch (Exception x) {
            throw FailureText.io(x);
        }
    }

    ProbeTarget target() {
        return target;
    }

    /** The end of the whole probe. */
    TimeLimit whole() {
        return whole;
    }

    /** The trace of the last handshake. */
    HandshakeTrace trace() {
        return trace;
    }

    /** Shows the current activity. */
    void say(String what) {
        progress.accept(what);
    }

    /** Opens a tunnel without early data. */
    Link open(TimeLimit limit) throws IOException, InterruptedException {
        return open(EarlyDataMode.NONE, NOTHING, limit);
    }

    /** Opens a tunnel whose first bytes, 16 KiB at most, travel in the upgrade request. No frame is sent. */
    Link open(EarlyDataMode mode, byte[] first, TimeLimit limit) throws IOException, InterruptedException {
        return open(
                quiet().maxEarlyData(mode == EarlyDataMode.NONE ? 0 : MOST_EARLY_DATA)
                        .earlyDataHeaderName(mode == EarlyDataMode.HEADER ? target.headerName() : "")
                        .build(),
                first,
                limit);
    }

    /** Opens a tunnel without early data that sends pings at an interval; zero for none. */
    Link openWithPings(Duration interval, TimeLimit limit) throws IOException, InterruptedException {
        return open(
                quiet().maxEarlyData(0)
                        .earlyDataHeaderName("")
                        .pingInterval(interval)
                        .build(),
                NOTHING,
                limit);
    }

    /** Options of a client that sends nothing on its own. */
    private WebSocketTransportOptions.Builder quiet() {
        return target.options().toBuilder()
                .halfClose(false)
                .pingInterval(Duration.ZERO)
                .serverFirstWait(Duration.ZERO);
    }

    private Link open(WebSocketTransportOptions options, byte[] first, TimeLimit limit)
            throws IOException, InterruptedException {
        WebSocketTransportClient client = clients.get(options);
        if (client == null) {
            client = target.builder()
                    .options(options)
                    .connector(connector)
                    .handshakeListener(trace)
                    .build();
            clients.put(options, client);
        }
        trace.begin();
        return Link.open(client, first, limit);
    }

    @Override
    public void close() throws IOException {
        clients.values().forEach(WebSocketTransportClient::close);
        try {
            connector.stop();
        } catch (Exception x) {
            throw FailureText.io(x);
        }
    }
}
