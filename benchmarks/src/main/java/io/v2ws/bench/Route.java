package io.v2ws.bench;

import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * What a line has to be like.
 *
 * @param upstream where it leads
 * @param tls whether client and server speak TLS
 * @param earlyData whether the first bytes ride in the upgrade request
 * @param preconnected how many connections the client keeps open in advance
 * @param delay of the way between client and server, each way; zero for none
 * @param inTurn whether the client starts only once the server listens, so that neither start disturbs the other
 */
record Route(
        InetSocketAddress upstream, boolean tls, boolean earlyData, int preconnected, Duration delay, boolean inTurn) {

    static Route plain(InetSocketAddress upstream) {
        return new Route(upstream, false, false, 0, Duration.ZERO, false);
    }

    Route withTls(boolean on) {
        return new Route(upstream, on, earlyData, preconnected, delay, inTurn);
    }

    Route withEarlyData(boolean on) {
        return new Route(upstream, tls, on, preconnected, delay, inTurn);
    }

    Route withPreconnected(int count) {
        return new Route(upstream, tls, earlyData, count, delay, inTurn);
    }

    Route withDelay(Duration each) {
        return new Route(upstream, tls, earlyData, preconnected, each, inTurn);
    }

    Route startedInTurn() {
        return new Route(upstream, tls, earlyData, preconnected, delay, true);
    }
}
