package io.v2ws.server.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.v2ws.HostAndPort;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.server.Admission;
import io.v2ws.server.EchoHandler;
import io.v2ws.server.FolderSite;
import io.v2ws.testing.Bytes;
import io.v2ws.testing.LeakCheck;
import io.v2ws.testing.RawHandshake;
import io.v2ws.testing.RawResponse;
import io.v2ws.testing.RawWebSocketPeer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The files of a folder as the site of a server (S20), and the pages about health (S22). */
@Timeout(60)
@ExtendWith(LeakCheck.class)
class FolderSiteTest {
    private static final Instant MODIFIED = Instant.parse("2026-11-01T10:00:00Z");
    private static final String MODIFIED_TEXT = "Sun, 01 Nov 2026 10:00:00 GMT";

    @TempDir
    private static Path temp;

    private static Path folder;
    private static TunnelServer server;

    @BeforeAll
    static void start() throws IOException {
        folder = Files.createDirectory(temp.resolve("site"));
        write("index.html", "home");
        write("404.html", "no such page");
        write("dir/index.html", "index of dir");
        write("bare/file.txt", "0123456789");
        write("a b/ü.css", "style");
        write("odd.unknowntype", "odd");
        write("empty.js", "");
        write(".env", "secret");
        write(".git/config", "secret");
        write("dir/.hidden/x.html", "secret");
        write("dir/.well-known/x", "secret");
        write(".well-known/acme", "public");
        Files.writeString(temp.resolve("outside.txt"), "secret");
        Files.createSymbolicLink(folder.resolve("out"), temp.resolve("outside.txt"));
        Files.createSymbolicLink(folder.resolve("up"), temp);
        Files.createSymbolicLink(folder.resolve("git"), folder.resolve(".git"));
        Files.createSymbolicLink(folder.resolve("in"), folder.resolve("dir"));
        server = server().healthPath("/-/health").start();
    }

    private static void write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        Files.setLastModifiedTime(file, FileTime.from(MODIFIED));
    }

    private static TunnelServer.Builder server() {
        WebSocketTransportOptions options =
                WebSocketTransportOptions.builder().path("/tunnel").build();
        return TunnelServer.builder(new HostAndPort("127.0.0.1", 0))
                .tunnel(Tunnel.handle(options, new EchoHandler()))
                .site(new FolderSite(folder));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private record Page(RawResponse head, String body) {
        int status() {
            return head.status();
        }

        String header(String name) {
            return head.header(name);
        }
    }

    /** Sends a request and reads the connection to its end. */
    private static Page request(String method, String target, String... headerLines) throws IOException {
        try (RawWebSocketPeer visitor = RawWebSocketPeer.connect(server.port())) {
            StringBuilder text =
                    new StringBuilder(method + ' ' + target + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n");
            for (String line : headerLines) {
                text.append(line).append("\r\n");
            }
            visitor.send(text.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
            RawResponse head = visitor.readResponseHead();
            return new Page(head, Bytes.utf8(visitor.input().readAllBytes()));
        }
    }

    private static Page get(String target, String... headerLines) throws IOException {
        return request("GET", target, headerLines);
    }

    @ParameterizedTest
    @CsvSource({
        "/,home,text/html",
        "/?x=1,home,text/html",
        "/index.html,home,text/html",
        "/dir/,index of dir,text/html",
        "/in/,index of dir,text/html",
        "/bare/file.txt,0123456789,text/plain;charset=utf-8",
        "/bare/%66ile.txt?a=|,0123456789,text/plain",
        "/a%20b/%C3%BC.css,style,text/css",
        "/odd.unknowntype,odd,application/octet-stream",
        "/.well-known/acme,public,application/octet-stream",
    })
    void s20_fileIsServedWithItsType(String target, String text, String type) throws Exception {
        Page page = get(target);
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.body()).isEqualTo(text);
        assertThat(page.header("Content-Type")).startsWith(type);
        assertThat(page.header("Content-Length")).isEqualTo(Integer.toString(text.length()));
        assertThat(page.header("Last-Modified")).isEqualTo(MODIFIED_TEXT);
        assertThat(page.header("Server")).isNull();
    }

    @Test
    void s20_emptyFileIsServed() throws Exception {
        Page page = get("/empty.js");
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.header("Content-Length")).isEqualTo("0");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/nothing",
                "/bare/",
                "/bare/file.txt/",
                "/bare/file.txt/x",
                "/.env",
                "/%2eenv",
                "/.git/config",
                "/.git/",
                "/git/config",
                "/dir/.hidden/x.html",
                "/dir/.well-known/x",
                "/out",
                "/up/outside.txt",
                "/up/",
                "/dir/%2e%2e/index.html",
                "/..%2foutside.txt",
                "/dir%2findex.html",
                "/dir//index.html",
                "//index.html",
                "/%ff",
                "/%c0%ae%c0%ae/outside.txt",
                "/./index.html%20",
                "/index.html;x=1",
                "/WEB-INF/web.xml",
                "/tunnel"
            })
    void s20_everythingElseIsTheSites404(String target) throws Exception {
        Page page = get(target);
        assertThat(page.body()).isEqualTo("no such page");
        assertThat(page.status()).isEqualTo(404);
        assertThat(page.header("Content-Type")).startsWith("text/html");
        assertThat(page.header("ETag")).isNull();
    }

    /** Jetty refuses these before any filter. */
    @ParameterizedTest
    @ValueSource(strings = {"/%2e%2e/outside.txt", "/../outside.txt", "/..%5coutside.txt", "/index.html%00", "/%zz"})
    void s20_pathOutOfTheFolderIsNotServed(String target) throws Exception {
        Page page = get(target);
        assertThat(page.status()).isEqualTo(400);
        assertThat(page.body()).isEmpty();
    }

    @Test
    void s20_withoutA404PageTheResponseIsEmpty() throws Exception {
        Path page = folder.resolve("404.html");
        Files.move(page, folder.resolve("moved"));
        try {
            Page missing = get("/nothing");
            assertThat(missing.status()).isEqualTo(404);
            assertThat(missing.body()).isEmpty();
        } finally {
            Files.move(folder.resolve("moved"), page);
        }
    }

    @ParameterizedTest
    @CsvSource({"/dir,/dir/", "/dir?a=b&c,/dir/?a=b&c", "/a%20b,/a%20b/", "/bare,/bare/"})
    void s20_folderWithoutASlashIsRedirected(String target, String location) throws Exception {
        Page page = get(target);
        assertThat(page.status()).isEqualTo(301);
        assertThat(page.header("Location")).isEqualTo(location);
        assertThat(page.body()).isEmpty();
    }

    @Test
    void s20_headHasTheHeadersOnly() throws Exception {
        Page page = request("HEAD", "/bare/file.txt", "Range: bytes=1-2");
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.header("Content-Length")).isEqualTo("10");
        assertThat(page.header("ETag")).isEqualTo(get("/bare/file.txt").header("ETag"));
        assertThat(page.body()).isEmpty();
        assertThat(request("HEAD", "/nothing").body()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "TRACE", "BREW"})
    void s20_otherMethodsAreNotAllowed(String method) throws Exception {
        Page page = request(method, "/");
        assertThat(page.status()).isEqualTo(405);
        assertThat(page.header("Allow")).isEqualTo("GET, HEAD");
        assertThat(page.body()).isEmpty();
    }

    @Test
    void s20_unchangedFileIsNotSentAgain() throws Exception {
        String tag = get("/").header("ETag");
        assertThat(get("/", "If-None-Match: " + tag).status()).isEqualTo(304);
        assertThat(get("/", "If-None-Match: \"x\", W/" + tag).status()).isEqualTo(304);
        assertThat(get("/", "If-None-Match: *").body()).isEmpty();
        assertThat(get("/", "If-None-Match: \"x\"", "If-Modified-Since: " + MODIFIED_TEXT)
                        .status())
                .isEqualTo(200);
        assertThat(get("/", "If-Modified-Since: " + MODIFIED_TEXT).status()).isEqualTo(304);
        assertThat(get("/", "If-Modified-Since: Sun, 01 Nov 2026 09:59:59 GMT").status())
                .isEqualTo(200);
        assertThat(get("/", "If-Modified-Since: yesterday").status()).isEqualTo(200);
        Page page = get("/", "If-None-Match: " + tag);
        assertThat(page.header("ETag")).isEqualTo(tag);
        assertThat(page.body()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "bytes=2-4,206,234,bytes 2-4/10",
        "bytes=7-,206,789,bytes 7-9/10",
        "bytes=-3,206,789,bytes 7-9/10",
        "bytes=5-99,206,56789,bytes 5-9/10",
        "bytes=-99,200,0123456789,",
        "bytes=0-0,206,0,bytes 0-0/10",
        "bytes=10-,416,'',bytes */10",
        "bytes=-0,416,'',bytes */10",
        "bytes=4-2,200,0123456789,",
        "'bytes=0-1,3-4',200,0123456789,",
        "lines=0-1,200,0123456789,",
        "bytes=-,200,0123456789,",
        "bytes=99999999999999999999-,200,0123456789,",
    })
    void s20_oneRangeIsServed(String range, int status, String text, String contentRange) throws Exception {
        Page page = get("/bare/file.txt", "Range: " + range);
        assertThat(page.status()).isEqualTo(status);
        assertThat(page.body()).isEqualTo(text);
        assertThat(page.header("Content-Range")).isEqualTo(contentRange);
        assertThat(page.header("Accept-Ranges")).isEqualTo("bytes");
    }

    @Test
    void s20_rangeOfAnotherVersionIsTheWholeFile() throws Exception {
        String tag = get("/bare/file.txt").header("ETag");
        assertThat(get("/bare/file.txt", "Range: bytes=1-1", "If-Range: " + tag).body())
                .isEqualTo("1");
        assertThat(get("/bare/file.txt", "Range: bytes=1-1", "If-Range: \"old\"")
                        .body())
                .isEqualTo("0123456789");
    }

    @Test
    void s20_upgradesThatAreForNoTunnelSeeTheSiteToo() throws Exception {
        try (RawWebSocketPeer peer = RawWebSocketPeer.connect(server.port())) {
            RawResponse home = peer.handshake(RawHandshake.to("/"));
            assertThat(home.status()).isEqualTo(200);
            assertThat(peer.readBody(home)).isEqualTo("home");
            RawResponse elsewhere = peer.handshake(RawHandshake.to("/tunnels"));
            assertThat(elsewhere.status()).isEqualTo(404);
            assertThat(peer.readBody(elsewhere)).isEqualTo("no such page");
            peer.upgrade("/tunnel");
            peer.sendBinary(Bytes.utf8("echo"));
            assertThat(peer.readBinary(4)).isEqualTo(Bytes.utf8("echo"));
        }
    }

    @Test
    void s17_whoIsPassedOnSeesTheSite() throws Exception {
        WebSocketTransportOptions options =
                WebSocketTransportOptions.builder().path("/").build();
        Tunnel closed = Tunnel.handle(options, new EchoHandler()).withAdmission(request -> Admission.Decision.PASS_ON);
        try (TunnelServer other = TunnelServer.builder(new HostAndPort("127.0.0.1", 0))
                        .tunnel(closed)
                        .site(new FolderSite(folder))
                        .start();
                RawWebSocketPeer peer = RawWebSocketPeer.connect(other.port())) {
            RawResponse home = peer.handshake(RawHandshake.to("/"));
            assertThat(peer.readBody(home)).isEqualTo("home");
        }
    }

    /** The kernel holds some 6 MB of it. */
    @Test
    void s20_slowVisitorsHoldNoThread() throws Exception {
        byte[] much = Bytes.random(1, 32 << 20);
        Path file = Files.write(folder.resolve("much.bin"), much);
        RawWebSocketPeer[] slow = new RawWebSocketPeer[300];
        try {
            for (int i = 0; i < slow.length; i++) {
                slow[i] = RawWebSocketPeer.connect(server.port());
                slow[i].send("GET /much.bin HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                assertThat(slow[i].readResponseHead().status()).isEqualTo(200);
            }
            assertThat(get("/").body()).isEqualTo("home");
            byte[] all = slow[0].input().readNBytes(much.length);
            assertThat(Bytes.sha256(all)).isEqualTo(Bytes.sha256(much));
        } finally {
            for (RawWebSocketPeer peer : slow) {
                if (peer != null) {
                    peer.close();
                }
            }
            Files.delete(file);
        }
    }

    @Test
    void s22_healthIsAnsweredAndAnythingElseIsTheSite() throws Exception {
        Page live = get("/-/health/live?x");
        assertThat(live.status()).isEqualTo(200);
        assertThat(live.body()).isEqualTo("live\n");
        assertThat(live.header("Cache-Control")).isEqualTo("no-store");
        assertThat(live.header("Content-Type")).startsWith("text/plain");
        assertThat(get("/-/health/ready").body()).isEqualTo("ready\n");
        assertThat(request("HEAD", "/-/health/ready").body()).isEmpty();
        assertThat(request("POST", "/-/health/ready").status()).isEqualTo(405);
        for (String other : new String[] {"/-/health", "/-/health/", "/-/health/live/", "/-/health/liver", "/live"}) {
            assertThat(get(other).status()).as(other).isEqualTo(404);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "health", "/health/", "/he alth", "/a?b", "//x", "/%41"})
    void s22_healthPathIsChecked(String path) {
        TunnelServer.Builder builder = server();
        assertThatThrownBy(() -> builder.healthPath(path))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("healthPath: expected a path such as /-/health, got \"" + path);
    }

    @Test
    void folderThatIsNoneIsRefused() {
        Path file = folder.resolve("index.html");
        assertThatThrownBy(() -> new FolderSite(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("site: expected a folder that can be read, got \"" + file + '"');
        assertThatThrownBy(() -> new FolderSite(folder.resolve("none"))).isInstanceOf(IllegalArgumentException.class);
    }
}
