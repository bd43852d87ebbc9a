package io.v2ws.config;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/** A JSON object that knows where it stands. Immutable. */
public final class ConfigObject {
    private final ConfigNode node;
    private final Map<String, ConfigNode> members;

    ConfigObject(ConfigNode node, Map<String, ConfigNode> members) {
        this.node = node;
        this.members = members;
    }

    /** Returns the object as a value. */
    public ConfigNode node() {
        return node;
    }

    /** Returns the keys in the order of the file. */
    public Set<String> keys() {
        return Collections.unmodifiableSet(members.keySet());
    }

    void forEach(BiConsumer<String, ConfigNode> action) {
        members.forEach(action);
    }

    /** Returns the value of a key; empty if the key is absent or its value {@code null}. */
    public Optional<ConfigNode> get(String key) {
        return Optional.ofNullable(members.get(key)).filter(value -> !value.isNull());
    }

    /**
     * Returns the value of a key.
     *
     * @param what what is expected there, for the message
     * @throws ConfigException if the key is absent or its value {@code null}
     */
    public ConfigNode require(String key, String what) throws ConfigException {
        ConfigNode value = members.get(key);
        if (value == null) {
            throw node.errorAbout(key, "expected " + what + ", got nothing");
        }
        if (value.isNull()) {
            throw value.expected(what);
        }
        return value;
    }

    /** Returns the string of a key; empty if the key is absent. */
    public Optional<String> getText(String key) throws ConfigException {
        Optional<ConfigNode> value = get(key);
        return value.isPresent() ? Optional.of(value.get().asText()) : Optional.empty();
    }

    /**
     * Makes sure that there is no key but the known ones.
     *
     * @throws ConfigException that names the first unknown key and its line, and the known key that looks most like it
     */
    public void rejectUnknownKeys(String... known) throws ConfigException {
        List<String> knownKeys = List.of(known);
        for (Map.Entry<String, ConfigNode> member : members.entrySet()) {
            if (!knownKeys.contains(member.getKey())) {
                String hint = NearestKey.to(member.getKey(), knownKeys)
                        .map(nearest -> "; did you mean \"" + nearest + "\"?")
                        .orElse("; known here: " + String.join(", ", knownKeys));
                throw member.getValue().errorAtKey("expected a known key, got an unknown one" + hint);
            }
        }
    }
}
