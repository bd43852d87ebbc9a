package io.v2ws.system;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.v2ws.testing.Bytes;
import io.v2ws.testing.TestCertificates;
import io.v2ws.testing.peers.Commands;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** A real browser. Its page comes from this test and reports back to it, so that no driver is needed. */
@ParameterizedClass(name = "{0}")
@MethodSource("cases")
class ChromiumIT extends SubprotocolConversations {
    static final String PEER = "Chromium";
    private static final Path PAGE = Path.of("src/test/resources/io/v2ws/system/page.html");

    static Stream<EchoCase> cases() {
        return EchoCase.all();
    }

    @BeforeParameterizedClassInvocation
    static void startWithVersion(EchoCase echo) throws Exception {
        start(echo, PEER, Commands.firstMatch(Pattern.compile("Chromium (\\S+)"), "chromium", "--version"));
    }

    @Override
    String peer() {
        return PEER;
    }

    @Override
    Seen connect(String url, String offer, String message, int expected) throws Exception {
        CompletableFuture<String> report = new CompletableFuture<>();
        HttpServer site = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        site.createContext("/", exchange -> answer(exchange, report));
        site.start();
        String query = "url=" + encoded(url) + "&offer=" + encoded(offer) + "&message=" + encoded(message)
                + "&expected=" + expected;
        String page = "http://127.0.0.1:" + site.getAddress().getPort() + "/?" + query;
        try (Program browser = browser(page)) {
            return Seen.parse(report.get(30, TimeUnit.SECONDS));
        } finally {
            site.stop(0);
        }
    }

    private Program browser(String page) throws Exception {
        Path profile = Files.createTempDirectory(workspace().folder(), "profile");
        List<String> command = List.of(
                "chromium",
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--disable-dev-shm-usage",
                "--user-data-dir=" + profile,
                // Trusts this one key, as a user would after having installed our authority.
                "--ignore-certificate-errors-spki-list=" + fingerprint(),
                page);
        return Program.start(workspace(), "chromium", ignored -> command, Pattern.compile(""));
    }

    private static void answer(HttpExchange exchange, CompletableFuture<String> report) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            boolean isReport = exchange.getRequestMethod().equals("POST");
            byte[] answer = isReport ? new byte[0] : Files.readAllBytes(PAGE);
            exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
            exchange.sendResponseHeaders(200, answer.length == 0 ? -1 : answer.length);
            exchange.getResponseBody().write(answer);
            if (isReport) {
                report.complete(Bytes.utf8(body));
            }
        }
    }

    private static String fingerprint() throws Exception {
        byte[] key =
                TestCertificates.get().server().certificate().getPublicKey().getEncoded();
        return Base64.getEncoder()
                .encodeToString(MessageDigest.getInstance("SHA-256").digest(key));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
