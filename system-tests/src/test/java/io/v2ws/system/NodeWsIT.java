package io.v2ws.system;

import io.v2ws.testing.TestCertificates;
import io.v2ws.testing.peers.Commands;
import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Node with the package {@code ws}. */
@ParameterizedClass(name = "{0}")
@MethodSource("cases")
class NodeWsIT extends SubprotocolConversations {
    static final String PEER = "Node ws";

    static Stream<EchoCase> cases() {
        return EchoCase.all();
    }

    @BeforeParameterizedClassInvocation
    static void startWithVersion(EchoCase echo) throws Exception {
        String version = Commands.firstMatch(
                Pattern.compile("\"version\": \"([^\"]+)\""),
                "cat",
                modules().resolve("node_modules/ws/package.json").toString());
        start(echo, PEER, version);
    }

    private static Path modules() {
        return Path.of(System.getProperty("v2ws.peers"), "node");
    }

    @Override
    String peer() {
        return PEER;
    }

    @Override
    Seen connect(String url, String offer, String message, int expected) throws IOException {
        return Seen.parse(Commands.output(
                "node",
                Path.of("src/test/node/client.mjs").toString(),
                modules().toString(),
                TestCertificates.get().caPem().toString(),
                url,
                offer,
                message,
                Integer.toString(expected)));
    }
}
