package io.v2ws.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** What is to be reached, and whether it is. */
final class Targets {
    private static final String V2WS = "v2ws";
    private static final String SMALL = "v2ws-small";
    private static final String RELAY = "tcp-relay";
    private static final String SING_BOX = "sing-box";

    private final Results results;

    Targets(Results results) {
        this.results = results;
    }

    /** All of them, in order. */
    List<Target> all() {
        List<Target> all = new ArrayList<>();
        all.add(uploadAgainstDownload());
        all.add(againstRelay());
        all.add(againstSingBox());
        all.add(allocation());
        all.addAll(firstByte());
        all.add(opening());
        all.addAll(idle());
        return all;
    }

    private OptionalDouble ratio(Rows row, String key, String contender, String otherKey, String other) {
        Section section = results.sections().get(row.id());
        return section == null ? OptionalDouble.empty() : section.ratio(key, contender, otherKey, other);
    }

    private OptionalDouble median(Rows row, String key, String contender) {
        Section section = results.sections().get(row.id());
        return section == null ? OptionalDouble.empty() : section.median(key, contender);
    }

    private static String where(boolean tls, int connections) {
        return (tls ? "TLS " : "plain ") + connections;
    }

    private Target uploadAgainstDownload() {
        Target target = Target.atLeast("upload end to end against download end to end", 0.9);
        for (boolean tls : new boolean[] {false, true}) {
            for (int connections : Effort.ONE_AND_MANY) {
                String up = Throughput.key(tls, connections, Direction.UP);
                String down = Throughput.key(tls, connections, Direction.DOWN);
                target.add(where(tls, connections), ratio(Rows.THROUGHPUT, up, V2WS, down, V2WS));
            }
        }
        return target;
    }

    private Target againstRelay() {
        Target target = Target.atLeast("end to end against the same relay without WebSocket, plain", 0.85);
        for (int connections : Effort.ONE_AND_MANY) {
            for (Direction direction : Direction.values()) {
                String key = Throughput.key(false, connections, direction);
                target.add(connections + " " + direction.id(), ratio(Rows.THROUGHPUT, key, V2WS, key, RELAY));
            }
        }
        return target;
    }

    private Target againstSingBox() {
        Target target = Target.atLeast("end to end against sing-box", 1.2);
        for (boolean tls : new boolean[] {false, true}) {
            for (int connections : Effort.ONE_AND_MANY) {
                for (Direction direction : Direction.values()) {
                    String key = Throughput.key(tls, connections, direction);
                    target.add(
                            where(tls, connections) + " " + direction.id(),
                            ratio(Rows.THROUGHPUT, key, V2WS, key, SING_BOX));
                }
            }
        }
        return target;
    }

    private Target allocation() {
        Target target = Target.atMost("bytes allocated per relayed 64 KiB and hop, plain", 256);
        for (int connections : Effort.ONE_AND_MANY) {
            for (Direction direction : List.of(Direction.UP, Direction.DOWN)) {
                for (String hop : List.of("client", "server")) {
                    target.add(
                            connections + " " + direction.id() + " " + hop,
                            median(Rows.ALLOCATION, Allocation.key(false, connections, direction, hop), V2WS));
                }
            }
        }
        return target;
    }

    private List<Target> firstByte() {
        return List.of(
                firstByte("cold plain", 2.1, false, FirstByte.Kind.EARLY_DATA),
                firstByte("cold TLS", 3.1, true, FirstByte.Kind.EARLY_DATA),
                firstByte("warm", 1.1, false, FirstByte.Kind.WARM)
                        .add("TLS", median(Rows.FIRST_BYTE, FirstByte.key(true, FirstByte.Kind.WARM), V2WS)));
    }

    private Target firstByte(String what, double trips, boolean tls, FirstByte.Kind kind) {
        return Target.atMost("first byte in round trips of 100 ms, " + what, trips)
                .add(tls ? "TLS" : "plain", median(Rows.FIRST_BYTE, FirstByte.key(tls, kind), V2WS));
    }

    private Target opening() {
        Target target = Target.atLeast("tunnels opened, echoed, closed per second, against sing-box", 1.2);
        for (boolean tls : new boolean[] {false, true}) {
            String key = Opening.key(tls);
            target.add(key, ratio(Rows.OPENING, key, V2WS, key, SING_BOX));
            if (tls) {
                target.add(key + " by Conscrypt", ratio(Rows.OPENING, key, "v2ws-conscrypt", key, SING_BOX));
            }
        }
        return target;
    }

    private List<Target> idle() {
        Target heap = Target.atMost("heap per idle tunnel, KiB", 8);
        for (String hop : List.of("server", "client")) {
            heap.add(hop, median(Rows.IDLE, Idle.HEAP + "/" + hop, V2WS));
        }
        return List.of(
                heap,
                resident("resident memory an idle tunnel adds, against sing-box", Idle.GROWTH),
                resident(
                        "resident memory per idle tunnel, the process itself included, against sing-box",
                        Idle.RESIDENT));
    }

    /** Of each end, and of both, as a tunnel has both. */
    private Target resident(String what, String figure) {
        Target target = Target.atMost(what, 0.5);
        for (String contender : List.of(V2WS, SMALL)) {
            String flags = contender.equals(SMALL) ? ", small flags" : "";
            for (String hop : List.of("server", "client")) {
                String key = figure + "/" + hop;
                target.add(hop + flags, ratio(Rows.IDLE, key, contender, key, SING_BOX));
            }
            OptionalDouble ours = bothEnds(figure, contender);
            OptionalDouble theirs = bothEnds(figure, SING_BOX);
            target.add(
                    "both" + flags,
                    ours.isPresent() && theirs.isPresent()
                            ? OptionalDouble.of(ours.getAsDouble() / theirs.getAsDouble())
                            : OptionalDouble.empty());
        }
        return target;
    }

    private OptionalDouble bothEnds(String figure, String contender) {
        OptionalDouble server = median(Rows.IDLE, figure + "/server", contender);
        OptionalDouble client = median(Rows.IDLE, figure + "/client", contender);
        return server.isPresent() && client.isPresent()
                ? OptionalDouble.of(server.getAsDouble() + client.getAsDouble())
                : OptionalDouble.empty();
    }
}
