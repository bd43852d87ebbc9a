package io.v2ws.bench;

import io.v2ws.testing.Sockets;
import io.v2ws.testing.peers.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The time from the start of a process until it accepts connections, and the size of what has to be shipped. */
final class StartUp implements Row {
    static final String SERVER = "server";
    static final String CLIENT = "client";
    static final String SIZE = "size";

    @Override
    public void measure(Bench bench, Recorder recorder) throws IOException, InterruptedException {
        List<Contender> contenders = recorder.present(bench.contenders(
                V2ws.direct(bench),
                new SingBoxContender(bench),
                DebianContender.v2ray(bench),
                DebianContender.shadowsocksPlugin(bench)));
        for (Contender contender : contenders) {
            if (contender.file().isPresent()) {
                Path file = contender.file().get();
                recorder.add(SIZE, contender, "MB", Files.size(file) / 1e6);
            }
        }
        Route route = Route.plain(Sockets.loopback(FreePorts.next())).startedInTurn();
        for (int i = 0; i < bench.effort().starts(); i++) {
            for (Contender contender : contenders) {
                try (Lines lines = Lines.start(List.of(contender), route, recorder, "start")) {
                    lines.forEach((same, line) -> {
                        recorder.add(
                                SERVER, contender, "ms", line.server().startUp().toNanos() / 1e6);
                        recorder.add(
                                CLIENT, contender, "ms", line.client().startUp().toNanos() / 1e6);
                        bench.say(
                                "  %s: server %d ms, client %d ms",
                                contender.label(),
                                line.server().startUp().toMillis(),
                                line.client().startUp().toMillis());
                    });
                }
            }
        }
    }
}
