package io.v2ws.config;

import io.v2ws.internal.net.Printable;
import java.util.List;
import java.util.Optional;

/** Reads share links: one, or a text with one on each line, told apart by their names. Used once. */
final class LinkReader {
    private static final int MOST_LINKS = 10_000;

    private final TunnelEnd side;
    private final Warnings warnings;
    private final String source;

    LinkReader(String source, TunnelEnd side, Warnings warnings) {
        this.source = source;
        this.side = side;
        this.warnings = warnings;
    }

    TunnelConfig read(String text, Optional<String> tag) throws ConfigException {
        List<String> lines = text.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .limit(MOST_LINKS + 1L)
                .toList();
        if (lines.size() > MOST_LINKS) {
            throw new ConfigException(source, "expected at most " + MOST_LINKS + " links, got more", null);
        }
        if (lines.size() == 1) {
            TunnelConfig tunnel = link(lines.get(0), source);
            if (tag.isPresent() && !tag.get().equals(tunnel.name())) {
                throw new ConfigException(
                        source,
                        "expected a link of the name " + Printable.quoted(tag.get()) + ", got one of "
                                + Printable.quoted(tunnel.name()),
                        null);
            }
            return tunnel;
        }
        return link(chosen(lines, tag), source);
    }

    private String chosen(List<String> lines, Optional<String> tag) throws ConfigException {
        Entries entries = new Entries(problem -> new ConfigException(source, problem, null));
        for (int i = 0; i < lines.size(); i++) {
            // What is no link that can be read is none of the tunnels to choose from: subscriptions hold all sorts.
            try {
                String name = new LinkReader(source, side, new Warnings())
                        .link(lines.get(i), source)
                        .name();
                entries.add(new Entries.Entry(null, name, false, true, lines.get(i)));
            } catch (ConfigException notReadable) {
                warnings.add(notReadable.getMessage() + " (link " + (i + 1) + ", left out)");
            }
        }
        return entries.choose(tag, TunnelEnd.CLIENT).value();
    }

    private TunnelConfig link(String line, String name) throws ConfigException {
        String scheme = ConfigSource.scheme(line);
        Account.Protocol protocol = scheme == null ? null : Account.Protocol.of(scheme);
        if (protocol == null) {
            throw new ConfigException(
                    name,
                    "expected a link that begins vless://, trojan:// or vmess://, got "
                            + (scheme == null ? "something else" : scheme + "://…"),
                    null);
        }
        String label = name.endsWith(" link") ? name : name + ": " + scheme + " link";
        String body = line.substring(scheme.length() + 3);
        return protocol == Account.Protocol.VMESS && body.indexOf('@') < 0
                ? new VmessLink(label, side, warnings).read(body)
                : new UriLink(label, protocol, side, warnings).read(body);
    }
}
