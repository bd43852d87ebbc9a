package io.v2ws.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.v2ws.testing.Bytes;
import io.v2ws.testing.LeakCheck;
import io.v2ws.testing.RawHandshake;
import io.v2ws.testing.RawWebSocketPeer;
import io.v2ws.testing.TestCertificates;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What logs and errors say when a tunnel cannot be opened. */
@Timeout(60)
@ExtendWith(LeakCheck.class)
class DiagnosisTest {
    @TempDir
    private Path folder;

    @Test
    void verboseServeLogsARequestForATunnelThatLostItsUpgradeOnTheWay() throws Exception {
        try (CliProcess serve = CliProcess.start(
                        "serve", "--verbose", "--listen=127.0.0.1:0", "--path=/t", "--max-early-data=64");
                RawWebSocketPeer peer = RawWebSocketPeer.connect(serve.awaitPort())) {
            peer.send(RawHandshake.to("/tc2VjcmV0")
                    .without("Upgrade")
                    .without("Connection")
                    .bytes());
            serve.awaitError(Pattern.compile("A request for the tunnel at /t asks for no upgrade"));
            assertThat(serve.stderr()).doesNotContain("c2VjcmV0");
        }
    }

    @Test
    void verboseServeLogsTheTunnelsOfTheEcho() throws Exception {
        try (CliProcess serve = CliProcess.start("serve", "--verbose", "--listen=127.0.0.1:0", "--path=/t")) {
            try (RawWebSocketPeer peer = RawWebSocketPeer.connect(serve.awaitPort())) {
                peer.upgrade("/t");
                serve.awaitError(Pattern.compile("Tunnel from 127\\.0\\.0\\.1:\\d+ to the echo opens"));
                peer.sendBinary(Bytes.utf8("abc"));
                assertThat(peer.readBinary(3)).isEqualTo(Bytes.utf8("abc"));
                peer.sendClose(1000, "");
                peer.expectClose(1000);
            }
            serve.awaitError(Pattern.compile("to the echo closed after 3 bytes up and 3 bytes down"));
        }
    }

    @Test
    void verboseServeLogsATlsHandshakeThatFails() throws Exception {
        TestCertificates certificates = TestCertificates.get();
        try (CliProcess serve = CliProcess.start(
                        "serve",
                        "--verbose",
                        "--listen=127.0.0.1:0",
                        "--path=/t",
                        "--tls-cert=" + certificates.server().certificatePem(),
                        "--tls-key=" + certificates.server().keyPem());
                Socket plain = new Socket("127.0.0.1", serve.awaitPort())) {
            OutputStream out = plain.getOutputStream();
            out.write(Bytes.utf8("GET / HTTP/1.1\r\n\r\n"));
            serve.awaitError(Pattern.compile("The TLS handshake of \\S+ failed: "));
        }
    }

    @Test
    void forwardNamesTheHostThatItCannotFind() throws Exception {
        try (CliProcess forward = CliProcess.start("forward", "--listen=127.0.0.1:0", "ws://no-such-host.invalid/t");
                Socket local = new Socket("127.0.0.1", forward.awaitPort())) {
            local.getOutputStream().write(1);
            forward.awaitError(Pattern.compile("cannot find the address of ws://no-such-host\\.invalid:80"));
        }
    }

    @Test
    void anEmptyTrustStoreIsASentence() throws Exception {
        KeyStore empty = KeyStore.getInstance("PKCS12");
        empty.load(null, null);
        Path store = folder.resolve("empty.p12");
        try (OutputStream out = Files.newOutputStream(store)) {
            empty.store(out, "changeit".toCharArray());
        }
        TestCertificates certificates = TestCertificates.get();
        try (CliProcess serve = CliProcess.start(
                        "serve",
                        "--listen=127.0.0.1:0",
                        "--path=/t",
                        "--tls-cert=" + certificates.server().certificatePem(),
                        "--tls-key=" + certificates.server().keyPem());
                CliProcess stdio = CliProcess.startWith(
                        List.of("-Djavax.net.ssl.trustStore=" + store, "-Djavax.net.ssl.trustStorePassword=changeit"),
                        "stdio",
                        "wss://localhost:" + serve.awaitPort() + "/t")) {
            stdio.awaitError(Pattern.compile("the trust store of this Java is empty"));
            assertThat(stdio.stderr()).doesNotContain("trustAnchors");
        }
    }
}
