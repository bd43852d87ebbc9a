package io.v2ws.system;

import static io.v2ws.WebSocketEngine.DIRECT;
import static io.v2ws.WebSocketEngine.JETTY;

import io.v2ws.WebSocketEngine;
import io.v2ws.testing.peers.EarlyDataMode;
import io.v2ws.testing.peers.Link;
import java.util.ArrayList;
import java.util.List;

/**
 * Which combinations are tested. Without TLS: both engines in each role and mode, with sing-box also both protocols;
 * they take turns, so that both engines carry both protocols in each role. With TLS, where Java needs 10 ms for every
 * new connection: each role and mode once, and engines and protocols take turns.
 */
final class Matrix {
    private static final List<OurEnd> ROLES = List.of(OurEnd.SERVE, OurEnd.FORWARD);

    private Matrix() {}

    static List<Combination> singBox() {
        Peer singBox = Peer.singBox();
        List<Combination> all = new ArrayList<>();
        for (OurEnd end : ROLES) {
            for (EarlyDataMode mode : EarlyDataMode.values()) {
                boolean path = mode == EarlyDataMode.PATH;
                all.add(combination(singBox, end, path ? JETTY : DIRECT, mode, false, Link.VLESS));
                all.add(combination(singBox, end, path ? DIRECT : JETTY, mode, false, Link.TROJAN));
                WebSocketEngine engine = path == (end == OurEnd.SERVE) ? DIRECT : JETTY;
                all.add(combination(singBox, end, engine, mode, true, path ? Link.TROJAN : Link.VLESS));
            }
        }
        for (WebSocketEngine engine : List.of(WebSocketEngine.DIRECT, WebSocketEngine.JETTY)) {
            all.add(combination(singBox, OurEnd.FILTER, engine, EarlyDataMode.HEADER, false, Link.VLESS));
        }
        return all;
    }

    static List<Combination> v2ray() {
        return withoutEarlyData(Peer.v2ray(), Link.VLESS, OurEnd.SERVE);
    }

    static List<Combination> shadowsocksPlugin() {
        return withoutEarlyData(Peer.shadowsocksPlugin(), Link.RAW, OurEnd.FORWARD);
    }

    /** With TLS one role has the direct engine and the other Jetty's. */
    private static List<Combination> withoutEarlyData(Peer peer, String carried, OurEnd directWithTls) {
        List<Combination> all = new ArrayList<>();
        for (OurEnd end : ROLES) {
            all.add(combination(peer, end, DIRECT, EarlyDataMode.NONE, false, carried));
            all.add(combination(peer, end, JETTY, EarlyDataMode.NONE, false, carried));
            all.add(combination(peer, end, end == directWithTls ? DIRECT : JETTY, EarlyDataMode.NONE, true, carried));
        }
        return all;
    }

    private static Combination combination(
            Peer peer, OurEnd end, WebSocketEngine engine, EarlyDataMode mode, boolean tls, String carried) {
        return new Combination(peer, end, engine, new Link(mode, tls, carried));
    }

    /** The rows of the table in their order. */
    static List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        singBox().forEach(combination -> rows.add(combination.row()));
        v2ray().forEach(combination -> rows.add(combination.row()));
        shadowsocksPlugin().forEach(combination -> rows.add(combination.row()));
        rows.addAll(echoRows(NodeWsIT.PEER));
        rows.addAll(echoRows(ChromiumIT.PEER));
        return rows;
    }

    private static List<Row> echoRows(String peer) {
        return EchoCase.all().map(echo -> echo.row(peer)).toList();
    }
}
