package io.v2ws.config;

import io.v2ws.HostAndPort;
import io.v2ws.internal.net.ServerName;
import io.v2ws.internal.tls.CertificatePins;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Single values, read as leniently as the dialects write them: numbers in quotes, texts without. */
final class Scalars {
    private static final Pattern DIGITS = Pattern.compile("[0-9]{1,18}");

    private Scalars() {}

    /** Returns the text of a string or number; empty where the key is absent. */
    static Optional<String> text(ConfigObject object, String key) throws ConfigException {
        Optional<ConfigNode> value = object.get(key);
        return value.isPresent() ? Optional.of(text(value.get())) : Optional.empty();
    }

    /** Returns the text of a string or number, empty where the key is absent or the text empty. */
    static Optional<String> nonEmpty(ConfigObject object, String key) throws ConfigException {
        return text(object, key).filter(text -> !text.isEmpty());
    }

    static String text(ConfigNode node) throws ConfigException {
        return node.numberText().isPresent() ? node.numberText().get() : node.asString();
    }

    /** Returns a credential; nothing of what stands there is ever repeated. Empty where the key is absent. */
    static Optional<String> secret(ConfigObject object, String key) throws ConfigException {
        Optional<ConfigNode> value = object.get(key);
        return value.isPresent() ? Optional.of(secret(value.get())) : Optional.empty();
    }

    /** Returns a credential; nothing of what stands there is ever repeated. */
    static String secret(ConfigNode node) throws ConfigException {
        Optional<String> text = node.numberText().or(node::stringText);
        if (text.isEmpty() || text.get().isBlank()) {
            throw node.error("expected a text that is not empty, got something else (not shown)");
        }
        return text.get();
    }

    /** Returns a whole number, which may stand in quotes. */
    static int number(ConfigNode node, int min, int max) throws ConfigException {
        Optional<String> text = node.stringText().map(String::strip);
        if (text.isEmpty()) {
            return node.asInt(min, max);
        }
        long number = DIGITS.matcher(text.get()).matches() ? Long.parseLong(text.get()) : -1;
        if (number < min || number > max) {
            throw node.expected("a whole number from " + min + " to " + max);
        }
        return (int) number;
    }

    /** Returns a whole number, which may stand in quotes; empty where the key is absent. */
    static Optional<Integer> number(ConfigObject object, String key, int min, int max) throws ConfigException {
        Optional<ConfigNode> value = object.get(key);
        return value.isPresent() ? Optional.of(number(value.get(), min, max)) : Optional.empty();
    }

    /** Returns a boolean, false where the key is absent. */
    static boolean flag(ConfigObject object, String key) throws ConfigException {
        Optional<ConfigNode> value = object.get(key);
        return value.isPresent() && value.get().asBoolean();
    }

    /** Half a surrogate pair has no UTF-8: it would turn into a question mark somewhere on its way out. */
    static void requireWellFormed(String text, ConfigNode.Origin origin) throws ConfigException {
        if (text.codePoints().anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)) {
            throw new ConfigNode(origin, null).error("expected Unicode text, got half a surrogate pair");
        }
    }

    /** Returns the address that two keys make; empty where there is no host. */
    static Optional<HostAndPort> address(ConfigObject object, String hostKey, String portKey) throws ConfigException {
        if (nonEmpty(object, hostKey).isEmpty()) {
            return Optional.empty();
        }
        ConfigNode node = object.require(hostKey, "an address");
        String host = node.parsed(
                text -> LinkText.host(text.indexOf(':') >= 0 && !text.startsWith("[") ? "[" + text + "]" : text));
        int port = number(object.require(portKey, "a port from 1 to 65535"), 1, 65_535);
        return Optional.of(new HostAndPort(host, port));
    }

    /** Returns the name that TLS asks for; empty where the key is absent or the text empty. */
    static Optional<String> serverName(ConfigObject object, String key) throws ConfigException {
        return nonEmpty(object, key).isEmpty()
                ? Optional.empty()
                : Optional.of(object.require(key, "a name").parsed(ServerName::parse));
    }

    /** Returns the names to verify in TLS, separated by commas or in a list; empty where the key is absent. */
    static List<String> serverNames(ConfigObject object, String key) throws ConfigException {
        List<String> names = new ArrayList<>();
        for (ConfigNode node : itemsOf(object, key)) {
            names.addAll(node.parsed(LinkText::serverNames));
        }
        return names;
    }

    /** Returns the pins of certificates, separated by commas or in a list; empty where the key is absent or empty. */
    static List<String> pins(ConfigObject object, String key) throws ConfigException {
        List<String> pins = new ArrayList<>();
        for (ConfigNode node : itemsOf(object, key)) {
            pins.addAll(node.parsed(CertificatePins::parse));
        }
        return pins;
    }

    private static List<ConfigNode> itemsOf(ConfigObject object, String key) throws ConfigException {
        Optional<ConfigNode> value = object.get(key).filter(node -> !node.isEmptyOrFalse());
        return value.isPresent() ? value.get().asListOrOne() : List.of();
    }

    /** Returns the strings of a list, of one string, or of none. */
    static List<String> strings(ConfigObject object, String key) throws ConfigException {
        Optional<ConfigNode> value = object.get(key);
        return value.isPresent() ? value.get().asStrings() : List.of();
    }
}
