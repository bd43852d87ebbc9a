package io.v2ws.config;

import java.util.Optional;

/**
 * Reads tunnels from what other programs are configured with, and writes them for others.
 *
 * <p>A transport alone, an outbound or inbound, and whole configurations are all read. What does not belong to a
 * WebSocket transport is an error; what is well-formed and means nothing here is a warning that names its key.
 */
public final class Dialects {
    private Dialects() {}

    /**
     * Reads one tunnel.
     *
     * @param source where from
     * @param dialect what it is written in; empty to find out
     * @param tag the tag (Clash and links: the name) of the one that is meant; empty for the only one with a WebSocket
     *     transport
     * @param side what it is read for: a server takes over neither {@code Host} nor headers that only clients send
     * @throws ConfigException naming place and key of the first thing that is not as expected; never with a credential
     */
    public static ConfigReading read(
            ConfigSource source, Optional<Dialect> dialect, Optional<String> tag, TunnelEnd side)
            throws ConfigException {
        return read(source.text(), DialectTree.of(source, dialect), source.name(), tag, side);
    }

    /** Reads a tunnel, of whatever dialect, that stands inside a file of ours. */
    static ConfigReading read(ConfigNode node, TunnelEnd side) throws ConfigException {
        return read("", new DialectTree(DialectTree.dialect(node, true), node), "", Optional.empty(), side);
    }

    private static ConfigReading read(String text, DialectTree tree, String name, Optional<String> tag, TunnelEnd side)
            throws ConfigException {
        Warnings warnings = new Warnings();
        TunnelConfig tunnel = switch (tree.dialect()) {
            case SING_BOX -> new SingBoxReader(side, warnings).read(tree.root(), tag);
            case XRAY -> new V2RayReader(side, warnings).read(tree.root(), tag);
            case CLASH -> new ClashReader(side, warnings).read(tree.root(), tag);
            case LINK -> new LinkReader(name, side, warnings).read(text, tag);
        };
        return new ConfigReading(tunnel, tree.dialect(), warnings.lines());
    }

    /**
     * Writes a tunnel: with its server and account where it has both, else its transport alone.
     *
     * @param dialect what to write it in
     * @param ascii whether everything but ASCII is to be escaped
     * @throws IllegalArgumentException if the dialect is {@link Dialect#LINK} and the tunnel has no server or no
     *     account
     */
    public static ConfigPrint print(TunnelConfig tunnel, Dialect dialect, boolean ascii) {
        if (dialect == Dialect.LINK && !tunnel.isComplete()) {
            throw new IllegalArgumentException("expected a server and an account, which every link has, got "
                    + (tunnel.server().isPresent() ? "no account" : "no server"));
        }
        ConversionNotes losses = new ConversionNotes(dialect);
        Writer writer = switch (dialect) {
            case SING_BOX -> new SingBoxWriter();
            case XRAY -> new V2RayWriter();
            case CLASH -> new ClashWriter();
            case LINK -> new LinkWriter();
        };
        String text = tunnel.isComplete()
                ? writer.outbound(withHost(tunnel), ascii, losses)
                : writer.transport(tunnel, ascii, losses);
        return new ConfigPrint(text, losses.lines());
    }

    /** Programs differ in what they send as {@code Host} where none is said and TLS has a name: so it is said. */
    private static TunnelConfig withHost(TunnelConfig tunnel) {
        boolean said = tunnel.transport().headers().keySet().stream().anyMatch("Host"::equalsIgnoreCase);
        return said
                ? tunnel
                : tunnel.withTransport(TransportDraft.withHost(tunnel.transport(), "", tunnel.server(), tunnel.tls()));
    }
}
