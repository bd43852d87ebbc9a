package io.v2ws.config;

import io.v2ws.internal.net.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The tunnels of one source, of which one is wanted. */
final class Entries {
    /** As many as help whoever mistyped one. */
    private static final int MOST_NAMED = 20;

    /**
     * One of them.
     *
     * @param node where it stands; null for links
     * @param name its tag or name, empty for none
     * @param inbound whether it is a server's
     * @param webSocket whether it says to be a WebSocket
     * @param value the link, null for the others
     */
    record Entry(ConfigNode node, String name, boolean inbound, boolean webSocket, String value) {}

    private final Function<String, ConfigException> error;
    private final List<Entry> all = new ArrayList<>();

    /**
     * Starts with none.
     *
     * @param error makes exceptions about all of them
     */
    Entries(Function<String, ConfigException> error) {
        this.error = error;
    }

    void add(Entry entry) {
        all.add(entry);
    }

    /**
     * Chooses one: that of the name, or the only WebSocket, those of the side first.
     *
     * @throws ConfigException if there is none, or more than one
     */
    Entry choose(Optional<String> tag, TunnelEnd side) throws ConfigException {
        for (boolean inbound : new boolean[] {side == TunnelEnd.SERVER, side == TunnelEnd.CLIENT}) {
            List<Entry> candidates = all.stream()
                    .filter(entry -> entry.inbound() == inbound)
                    .filter(entry -> tag.map(entry.name()::equals).orElse(entry.webSocket()))
                    .toList();
            if (candidates.size() == 1) {
                return candidates.get(0);
            }
            if (candidates.size() > 1) {
                throw error.apply(
                        tag.isPresent()
                                ? "expected one tunnel of the tag " + Printable.quoted(tag.get()) + ", got "
                                        + candidates.size()
                                : "expected one WebSocket tunnel, got " + candidates.size()
                                        + "; choose by tag (--tag NAME): " + names(candidates));
            }
        }
        List<Entry> possible = all.stream().filter(Entry::webSocket).toList();
        String others = possible.isEmpty() ? "" : "; WebSockets here: " + names(possible);
        throw error.apply(
                tag.isPresent()
                        ? "expected a tunnel of the tag " + Printable.quoted(tag.get()) + ", got none" + others
                        : "expected a tunnel with a WebSocket transport, got none");
    }

    private static String names(List<Entry> entries) {
        List<String> names = entries.stream()
                .limit(MOST_NAMED)
                .map(entry -> entry.name().isEmpty() ? "one without" : Printable.quoted(entry.name()))
                .toList();
        return String.join(", ", names) + (entries.size() > MOST_NAMED ? ", …" : "");
    }
}
