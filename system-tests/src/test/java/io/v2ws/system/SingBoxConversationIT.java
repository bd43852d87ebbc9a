package io.v2ws.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.v2ws.WebSocketEngine;
import io.v2ws.testing.Bytes;
import io.v2ws.testing.LeakCheck;
import io.v2ws.testing.SingBoxConversation;
import io.v2ws.testing.SingBoxConversation.Part;
import io.v2ws.testing.peers.EarlyDataMode;
import io.v2ws.testing.peers.Link;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The bytes that the unit tests hold are those that sing-box sends. */
@Timeout(60)
@ExtendWith(LeakCheck.class)
class SingBoxConversationIT {
    private static final boolean CAPTURE = Boolean.getBoolean("v2ws.capture");
    private static final Path RESOURCES = Path.of("../src-test-shared/src/main/resources/io/v2ws/testing");
    private static final byte[] QUESTION = Bytes.utf8("a question through sing-box");
    private static final byte[] ANSWER = Bytes.utf8("its answer");

    private final Peer singBox = Peer.singBox();

    @ParameterizedTest
    @EnumSource
    void theClientsBytesAreThoseOfTheUnitTests(SingBoxConversation stored) throws Exception {
        Link link = link(stored);
        try (Workspace workspace = Workspace.of("captured client " + stored);
                Upstream upstream = new Upstream();
                Program unpacker = singBox.unpacker(workspace, link, upstream.port());
                RecordingRelay stream = new RecordingRelay(unpacker.port());
                Program serve = V2ws.serve(workspace, WebSocketEngine.DIRECT, link, stream.port());
                RecordingRelay wire = new RecordingRelay(serve.port());
                Program client = singBox.client(workspace, link, wire.port(), upstream.port())) {
            ask(upstream, client.port());
            assertThat(Bytes.utf8(stream.there())).endsWith(Bytes.utf8(QUESTION));
            same(stored, Part.CLIENT, wire.there());
            sameStream(stored, Part.CLIENT_STREAM, stream.there());
        }
    }

    @ParameterizedTest
    @EnumSource
    void theServersBytesAreThoseOfTheUnitTests(SingBoxConversation stored) throws Exception {
        Link link = link(stored);
        try (Workspace workspace = Workspace.of("captured server " + stored);
                Upstream upstream = new Upstream();
                Program server = singBox.server(workspace, link, upstream.port());
                RecordingRelay wire = new RecordingRelay(server.port());
                Program forward = V2ws.forward(workspace, WebSocketEngine.DIRECT, link, wire.port());
                RecordingRelay stream = new RecordingRelay(forward.port());
                Program packer = singBox.packer(workspace, link, stream.port(), upstream.port())) {
            ask(upstream, packer.port());
            assertThat(Bytes.utf8(stream.back())).endsWith(Bytes.utf8(ANSWER));
            same(stored, Part.SERVER, wire.back());
            sameStream(stored, Part.SERVER_STREAM, stream.back());
        }
    }

    private static Link link(SingBoxConversation stored) {
        return new Link(EarlyDataMode.valueOf(stored.name()), false, Link.VLESS);
    }

    /** One question, one answer; then the upstream closes. */
    private static void ask(Upstream upstream, int entry) throws Exception {
        CompletableFuture<byte[]> question = upstream.next(socket -> {
            byte[] read = socket.getInputStream().readNBytes(QUESTION.length);
            socket.getOutputStream().write(ANSWER);
            return read;
        });
        try (Socket socket = new Socket(InetAddress.getByName("127.0.0.1"), entry)) {
            socket.getOutputStream().write(QUESTION);
            assertThat(socket.getInputStream().readAllBytes()).isEqualTo(ANSWER);
            assertThat(question.get(10, TimeUnit.SECONDS)).isEqualTo(QUESTION);
        }
    }

    private static void same(SingBoxConversation stored, Part part, byte[] seen) throws IOException {
        if (CAPTURE) {
            save(stored, part, seen);
            return;
        }
        assertThat(shape(seen)).isEqualTo(shape(stored.bytes(part)));
    }

    /** The stream holds the address of the upstream, so only its length is the same every time. */
    private static void sameStream(SingBoxConversation stored, Part part, byte[] seen) throws IOException {
        if (CAPTURE) {
            save(stored, part, seen);
            return;
        }
        assertThat(seen).hasSameSizeAs(stored.bytes(part));
    }

    private static void save(SingBoxConversation stored, Part part, byte[] seen) throws IOException {
        Path file = RESOURCES.resolve(stored.resource(part));
        Files.createDirectories(file.getParent());
        Files.write(file, seen);
    }

    /** A head without what is different every time: ports, keys, dates and early data. */
    private static String shape(byte[] bytes) {
        String head = SingBoxConversation.head(bytes);
        return head.replaceAll("127\\.0\\.0\\.1:\\d+", "127.0.0.1:PORT")
                .replaceAll("(Sec-WebSocket-(Key|Accept)): \\S+", "$1: VALUE")
                .replaceAll("(Date): [^\r]+", "$1: VALUE")
                .replaceFirst("(?<=/tunnel)[A-Za-z0-9_-]+|(?<=Protocol: )[A-Za-z0-9_-]+", "EARLY");
    }
}
