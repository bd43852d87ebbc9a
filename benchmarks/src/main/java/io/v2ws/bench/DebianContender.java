package io.v2ws.bench;

import io.v2ws.testing.peers.Link;
import io.v2ws.testing.peers.PeerProgram;
import io.v2ws.testing.peers.ShadowsocksPlugin;
import io.v2ws.testing.peers.V2ray;
import java.nio.file.Path;
import java.util.Optional;

/** A program that comes with Debian. None of them knows early data. */
final class DebianContender extends PeerContender {
    private final PeerProgram program;
    private final String command;
    private final String label;
    private final String debianPackage;

    private DebianContender(
            Bench bench, PeerProgram program, String carried, String command, String label, String debianPackage) {
        super(bench, carried);
        this.program = program;
        this.command = command;
        this.label = label;
        this.debianPackage = debianPackage;
    }

    /** VLESS between a dokodemo-door and freedom. */
    static DebianContender v2ray(Bench bench) {
        return new DebianContender(
                bench, new V2ray(V2ray.DEFAULTS), Link.VLESS, V2ray.PROGRAM, "v2ray (Debian)", "v2ray");
    }

    /** The v2ray plugin of shadowsocks, which carries TCP over WebSocket with no protocol inside. */
    static DebianContender shadowsocksPlugin(Bench bench) {
        String command = ShadowsocksPlugin.PROGRAM;
        return new DebianContender(
                bench, new ShadowsocksPlugin(), Link.RAW, command, command + " -mux 0", "shadowsocks-v2ray-plugin");
    }

    @Override
    PeerProgram program() {
        return program;
    }

    @Override
    public String id() {
        return command;
    }

    @Override
    public String label() {
        return label;
    }

    @Override
    public Optional<String> missing() {
        return file().isPresent()
                ? Optional.empty()
                : Optional.of("no program " + command + "; Debian: apt-get install " + debianPackage);
    }

    @Override
    public Optional<Path> file() {
        return Tools.find(command);
    }

    @Override
    public boolean supports(Route route) {
        return super.supports(route) && !route.earlyData();
    }
}
