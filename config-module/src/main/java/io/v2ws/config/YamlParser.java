package io.v2ws.config;

import io.v2ws.internal.net.Printable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/**
 * Builds the tree of {@link ConfigNode} from YAML text. Used once.
 *
 * <p>An alias is the very node of its anchor, never a copy, so that aliases of aliases cost nothing; a merge ({@code
 * <<}) copies, and is counted like what it copies. Plain words mean what YAML 1.2's core schema says, so {@code yes} is
 * a text.
 */
final class YamlParser {
    private static final Pattern NULL = Pattern.compile("~|null|Null|NULL|");
    private static final Pattern TRUE = Pattern.compile("true|True|TRUE");
    private static final Pattern FALSE = Pattern.compile("false|False|FALSE");
    private static final Pattern NUMBER =
            Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?|0o[0-7]+|0x[0-9a-fA-F]+");
    private static final String STRING_TAG = "tag:yaml.org,2002:str";
    private static final String MERGE = "<<";

    private final String file;
    private final java.util.Iterator<Event> events;
    private final Map<Anchor, ConfigNode> anchors = new HashMap<>();
    private int values;

    private YamlParser(String file, String text) {
        this.file = file;
        LoadSettings settings = LoadSettings.builder()
                .setUseMarks(true)
                // Read at once: a buffer that is filled in steps is copied for each step of a long word.
                .setBufferSize(text.length() + 2)
                .setCodePointLimit(ConfigText.MAX_BYTES)
                .build();
        this.events = new ParserImpl(settings, new StreamReader(settings, text));
    }

    static ConfigNode parse(String file, String text) throws ConfigException {
        try {
            return new YamlParser(file, text).document();
        } catch (MarkedYamlEngineException e) {
            Location at =
                    e.getProblemMark().or(e::getContextMark).map(Location::of).orElse(Location.START);
            throw new ConfigException(file, at, "", "expected YAML, got: " + problem(e.getProblem()), e);
        } catch (YamlEngineException e) {
            // Of versions and characters that YAML does not know; the message has them, and no more.
            throw new ConfigException(file, Location.START, "", "expected YAML, got: " + problem(e.getMessage()), e);
        }
    }

    private ConfigNode document() throws ConfigException {
        Event event = next();
        while (event.getEventId() == Event.ID.StreamStart || event.getEventId() == Event.ID.DocumentStart) {
            event = next();
        }
        Location at = location(event);
        if (event.getEventId() == Event.ID.StreamEnd) {
            throw new ConfigException(file, Location.START, "", "expected a YAML value, got an empty text", null);
        }
        ConfigNode root = value(event, new ConfigNode.Origin(file, null, "", at, at), 0);
        next();
        Event end = next();
        if (end.getEventId() != Event.ID.StreamEnd) {
            throw new ConfigException(file, location(end), "", "expected one YAML document, got another", null);
        }
        return root;
    }

    private ConfigNode value(Event event, ConfigNode.Origin origin, int depth) throws ConfigException {
        count(1, origin);
        if (event instanceof AliasEvent alias) {
            ConfigNode anchored = anchors.get(alias.getAlias());
            if (anchored == null) {
                throw new ConfigNode(origin, null)
                        .error("expected an alias of what stands before it, got one of nothing");
            }
            return anchored.withKey(origin);
        }
        requireKnownTag((NodeEvent) event, origin);
        boolean structure = !(event instanceof ScalarEvent);
        if (depth >= ConfigParser.MAX_DEPTH && structure) {
            throw new ConfigNode(origin, null)
                    .error("expected at most " + ConfigParser.MAX_DEPTH + " levels of nesting, got more");
        }
        ConfigNode node = switch (event.getEventId()) {
            case MappingStart -> object(origin, depth);
            case SequenceStart -> list(origin, depth);
            default -> scalar((ScalarEvent) event, origin);
        };
        // Only now: an alias inside its own anchor would be a loop.
        ((NodeEvent) event).getAnchor().ifPresent(anchor -> anchors.put(anchor, node));
        return node;
    }

    private ConfigNode object(ConfigNode.Origin origin, int depth) throws ConfigException {
        Map<String, ConfigNode> members = new LinkedHashMap<>();
        List<ConfigNode> merged = new ArrayList<>();
        ConfigNode object = new ConfigNode(origin, members);
        for (Event event = next(); event.getEventId() != Event.ID.MappingEnd; event = next()) {
            Location keyAt = location(event);
            if (!(event instanceof ScalarEvent key)) {
                throw new ConfigException(file, keyAt, object.keyPath(), "expected a text as key, got another", null);
            }
            Event valueEvent = next();
            ConfigNode.Origin at = new ConfigNode.Origin(
                    file, object, ConfigNode.memberStep(key.getValue()), keyAt, location(valueEvent));
            Scalars.requireWellFormed(key.getValue(), at);
            ConfigNode before = members.get(key.getValue());
            if (before != null) {
                throw new ConfigNode(at, null)
                        .errorAtKey("expected each key once, got it again; first on line "
                                + before.origin().keyAt().line());
            }
            ConfigNode value = value(valueEvent, at, depth + 1);
            if (key.isPlain() && key.getValue().equals(MERGE)) {
                merged.add(value);
            } else {
                members.put(key.getValue(), value);
            }
        }
        for (ConfigNode value : merged) {
            merge(value, members);
        }
        return object;
    }

    /** What stands in the object itself wins, then what is merged first. */
    private void merge(ConfigNode value, Map<String, ConfigNode> members) throws ConfigException {
        for (ConfigNode source : value.asListOrOne()) {
            ConfigObject object = source.asObject();
            count(object.keys().size(), value.origin());
            object.forEach(members::putIfAbsent);
        }
    }

    private ConfigNode list(ConfigNode.Origin origin, int depth) throws ConfigException {
        List<ConfigNode> items = new ArrayList<>();
        ConfigNode list = new ConfigNode(origin, items);
        for (Event event = next(); event.getEventId() != Event.ID.SequenceEnd; event = next()) {
            Location at = location(event);
            items.add(value(event, new ConfigNode.Origin(file, list, "[" + items.size() + "]", at, at), depth + 1));
        }
        return list;
    }

    private ConfigNode scalar(ScalarEvent event, ConfigNode.Origin origin) throws ConfigException {
        String text = event.getValue();
        Scalars.requireWellFormed(text, origin);
        boolean plain = event.isPlain() && event.getTag().isEmpty();
        if (!plain) {
            return new ConfigNode(origin, text);
        }
        if (NULL.matcher(text).matches()) {
            return new ConfigNode(origin, null);
        }
        if (TRUE.matcher(text).matches() || FALSE.matcher(text).matches()) {
            return new ConfigNode(origin, TRUE.matcher(text).matches());
        }
        // A monstrous number is none to us, and would take its time in the pattern.
        boolean number = text.length() <= 100 && NUMBER.matcher(text).matches();
        return new ConfigNode(origin, number ? new ConfigNode.NumberText(text) : text);
    }

    private void requireKnownTag(NodeEvent event, ConfigNode.Origin origin) throws ConfigException {
        Optional<String> tag = event instanceof ScalarEvent scalar
                ? scalar.getTag()
                : ((org.snakeyaml.engine.v2.events.CollectionStartEvent) event).getTag();
        if (tag.isPresent() && !(tag.get().equals(STRING_TAG) && event instanceof ScalarEvent)) {
            throw new ConfigNode(origin, null).error("expected a value without a tag, got one with a tag (!)");
        }
    }

    private void count(int more, ConfigNode.Origin origin) throws ConfigException {
        values += more;
        if (values > ConfigParser.MAX_VALUES) {
            throw new ConfigNode(origin, null)
                    .error("expected at most " + ConfigParser.MAX_VALUES + " values, got more");
        }
    }

    private Event next() {
        return events.next();
    }

    private static Location location(Event event) {
        return event.getStartMark().map(Location::of).orElse(Location.START);
    }

    private static String problem(String text) {
        return Printable.shortened(text == null ? "an error" : text.strip());
    }
}
