package io.v2ws.config;

import io.v2ws.HostAndPort;
import io.v2ws.internal.net.DurationText;
import io.v2ws.internal.net.Printable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * One value of a JSON or YAML file that knows where it stands: file, line, column and key path. Immutable.
 *
 * <p>The {@code as…} methods return the value as what the caller expects or fail with a {@link ConfigException} that
 * says what was expected and what came. Files are UTF-8 of at most 10 MB, 100 levels and 200,000 values, each key once;
 * comments ({@code //}, {@code #}, slash-star) are allowed, as in sing-box and V2Ray.
 */
public final class ConfigNode {
    /**
     * Where a value stands.
     *
     * @param parent null for the top level
     * @param step how the key path goes on from the parent's, such as {@code .path} or {@code [1]}
     * @param keyAt where the key stands; that of the value itself for what has no key
     */
    record Origin(String file, ConfigNode parent, String step, Location keyAt, Location valueAt) {}

    /** A number as it was written. */
    record NumberText(String text) {}

    private static final Pattern PLAIN_KEY = Pattern.compile("[A-Za-z0-9_-]{1,80}");
    private static final Pattern WHOLE_NUMBER = Pattern.compile("-?[0-9]{1,18}");
    private static final Pattern OPTION_NAME = Pattern.compile("^[A-Za-z]+: ");

    private final Origin origin;
    /** String, Boolean, NumberText, List or Map of ConfigNode, or null. */
    private final Object value;

    ConfigNode(Origin origin, Object value) {
        this.origin = origin;
        this.value = value;
    }

    /**
     * Reads a file.
     *
     * @throws ConfigException if it cannot be read, is too large, is not UTF-8 or not JSON
     */
    public static ConfigNode read(Path file) throws ConfigException {
        return ConfigParser.parse(file.toString(), ConfigText.read(file));
    }

    /**
     * Reads a text.
     *
     * @param name what messages call it in place of a file name
     * @param json the text, at most 10,000,000 UTF-16 units
     * @throws ConfigException if it is too large or not JSON
     */
    public static ConfigNode parse(String name, String json) throws ConfigException {
        ConfigText.requireSize(name, json.length());
        return ConfigParser.parse(name, ConfigText.withoutByteOrderMark(json));
    }

    /** Returns the line, counted from 1. */
    public int line() {
        return origin.valueAt().line();
    }

    /** Returns the column in UTF-16 units (YAML: code points), counted from 1. */
    public int column() {
        return origin.valueAt().column();
    }

    /** Returns the path of keys that leads here, such as {@code tunnels[1].transport.path}; empty for the top level. */
    public String keyPath() {
        String path = origin.parent() == null ? "" : origin.parent().keyPath() + origin.step();
        return path.startsWith(".") ? path.substring(1) : path;
    }

    /** Whether this is {@code null}, which counts as absent wherever a value may be absent, as in Go. */
    public boolean isNull() {
        return value == null;
    }

    /** Returns the string. */
    public String asString() throws ConfigException {
        return as(String.class, "a string");
    }

    /** Returns the string, which must hold at least one character that is not white space. */
    public String asText() throws ConfigException {
        if (asString().isBlank()) {
            throw expected("a string that is not empty");
        }
        return asString();
    }

    /** Returns the boolean. */
    public boolean asBoolean() throws ConfigException {
        return as(Boolean.class, "true or false");
    }

    /** Returns the whole number, {@code min} to {@code max}. */
    public int asInt(int min, int max) throws ConfigException {
        return (int) asLong(min, max);
    }

    /** Returns the whole number, {@code min} to {@code max}, of at most 18 digits. */
    public long asLong(long min, long max) throws ConfigException {
        String range = "a whole number from " + min + " to " + max;
        String text = as(NumberText.class, range).text();
        if (!WHOLE_NUMBER.matcher(text).matches()) {
            throw expected(range);
        }
        long number = Long.parseLong(text);
        if (number < min || number > max) {
            throw expected(range);
        }
        return number;
    }

    /** Returns the object. */
    public ConfigObject asObject() throws ConfigException {
        return new ConfigObject(this, members());
    }

    /** Returns the values of the list. */
    public List<ConfigNode> asList() throws ConfigException {
        List<?> items = as(List.class, "a list");
        return items.stream().map(ConfigNode.class::cast).toList();
    }

    /** Returns the strings of a list, or the one string that stands in place of a list (sing-box's "listable"). */
    public List<String> asStrings() throws ConfigException {
        if (!(value instanceof String || value instanceof List)) {
            throw expected("a string or a list of strings");
        }
        List<String> strings = new ArrayList<>();
        for (ConfigNode item : asListOrOne()) {
            strings.add(item.asString());
        }
        return Collections.unmodifiableList(strings);
    }

    /** Returns the values of the list, or this value where it stands in place of a list. */
    List<ConfigNode> asListOrOne() throws ConfigException {
        return value instanceof List ? asList() : List.of(this);
    }

    /**
     * Returns the time, written as Go and sing-box write it: {@code "300ms"}, {@code "1m30s"}, {@code "1.5h"}; units
     * are {@code d h m s ms us ns}. May be negative.
     */
    public Duration asDuration() throws ConfigException {
        if (value instanceof NumberText number) {
            throw expected("a duration with its unit such as \"" + Printable.shortened(number.text()) + "s\" or \""
                    + Printable.shortened(number.text()) + "ms\"");
        }
        String text = as(String.class, "a duration such as \"5s\"");
        return parsed(ignored -> DurationText.parse(text));
    }

    /** Returns the address, written {@code host:port}, IPv6 in brackets. */
    public HostAndPort asHostAndPort() throws ConfigException {
        return parsed(HostAndPort::parse);
    }

    /**
     * Returns what {@code parser} makes of the string.
     *
     * @throws ConfigException if this is no string or the parser throws {@link IllegalArgumentException}, whose message
     *     is taken over
     */
    public <T> T parsed(Function<String, T> parser) throws ConfigException {
        String text = asString();
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException e) {
            throw error(problem(e), e);
        }
    }

    /**
     * Gives a value taken from this node to a setter.
     *
     * @throws ConfigException if the setter throws {@link IllegalArgumentException}, whose message is taken over
     */
    public <T> void pass(T argument, Consumer<T> setter) throws ConfigException {
        try {
            setter.accept(argument);
        } catch (IllegalArgumentException e) {
            throw error(problem(e), e);
        }
    }

    /** Returns an exception located here. */
    public ConfigException error(String problem) {
        return error(problem, null);
    }

    /** Returns an exception located here that says what was expected, and what came. */
    public ConfigException expected(String what) {
        return error("expected " + what + ", got " + described());
    }

    ConfigException errorAtKey(String problem) {
        return new ConfigException(origin.file(), origin.keyAt(), keyPath(), problem, null);
    }

    /** Returns an exception located here about a key below this object, present or not. */
    ConfigException errorAbout(String key, String problem) {
        String path = keyPath() + memberStep(key);
        return new ConfigException(
                origin.file(), origin.valueAt(), path.startsWith(".") ? path.substring(1) : path, problem, null);
    }

    Origin origin() {
        return origin;
    }

    /** Returns the string; empty if this is none. */
    Optional<String> stringText() {
        return value instanceof String text ? Optional.of(text) : Optional.empty();
    }

    /** Returns the number as it was written; empty if this is none. */
    Optional<String> numberText() {
        return value instanceof NumberText number ? Optional.of(number.text()) : Optional.empty();
    }

    boolean isList() {
        return value instanceof List;
    }

    boolean isObject() {
        return value instanceof Map;
    }

    /** Whether this says as much as an absent key. */
    boolean isEmptyOrFalse() {
        return value == null
                || value.equals(false)
                || value.equals("")
                || (value instanceof List<?> list && list.isEmpty())
                || (value instanceof Map<?, ?> map && map.isEmpty());
    }

    /** Returns the same value under the key of an alias, so that messages name the place where it is used. */
    ConfigNode withKey(Origin at) {
        return at == origin ? this : new ConfigNode(at, value);
    }

    static String memberStep(String key) {
        return PLAIN_KEY.matcher(key).matches() ? "." + key : "[" + Printable.quoted(key) + "]";
    }

    private ConfigException error(String problem, Throwable cause) {
        return new ConfigException(origin.file(), origin.valueAt(), keyPath(), problem, cause);
    }

    /** The option's Java name, which begins the messages of setters, would stand beside its name in the file. */
    private static String problem(IllegalArgumentException e) {
        String message = Objects.requireNonNullElse(e.getMessage(), "expected another value");
        return Printable.escape(OPTION_NAME.matcher(message).replaceFirst(""));
    }

    private <T> T as(Class<T> type, String what) throws ConfigException {
        if (!type.isInstance(value)) {
            throw expected(what);
        }
        return type.cast(value);
    }

    @SuppressWarnings("unchecked") // the parser puts nothing else into a Map
    private Map<String, ConfigNode> members() throws ConfigException {
        return as(Map.class, "an object");
    }

    private String described() {
        if (value instanceof String text) {
            return Printable.quoted(text);
        }
        if (value instanceof NumberText number) {
            return "the number " + Printable.shortened(number.text());
        }
        if (value instanceof Map) {
            return "an object";
        }
        return value instanceof List ? "a list" : String.valueOf(value);
    }
}
