package io.v2ws.config;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import io.v2ws.internal.net.Printable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Builds the tree of {@link ConfigNode} from JSON text. Used once. */
final class ConfigParser {
    static final int MAX_DEPTH = 100;
    static final int MAX_VALUES = 200_000;

    /**
     * Comments are read as sing-box and V2Ray read them ({@code //}, {@code #}, slash-star). No symbol table: names
     * chosen to collide in it could slow it down.
     */
    private static final JsonFactory JSON = new JsonFactoryBuilder()
            .configure(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES, false)
            .configure(JsonFactory.Feature.INTERN_FIELD_NAMES, false)
            .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS, JsonReadFeature.ALLOW_YAML_COMMENTS)
            .streamReadConstraints(StreamReadConstraints.builder()
                    // Our own bound comes first, as it can name the key.
                    .maxNestingDepth(MAX_DEPTH + 10)
                    .maxStringLength(ConfigText.MAX_BYTES)
                    .maxNameLength(ConfigText.MAX_BYTES)
                    .build())
            .build();

    /** Where Jackson mentions the start of an unclosed object; the text around line and column is noise. */
    private static final Pattern SOURCE = Pattern.compile("\\[Source: .*?; (line: \\d+, column: \\d+)]");

    /** Jackson's advice to programmers is none for whoever wrote the file. */
    private static final Pattern ADVICE = Pattern.compile(": enable `.*");

    /** A word in the wrong place may be a password that lacks its quotes. */
    private static final Pattern WORD = Pattern.compile("Unrecognized token '.*?': was expecting \\(?");

    private final String file;
    private final JsonParser parser;
    private int values;

    private ConfigParser(String file, JsonParser parser) {
        this.file = file;
        this.parser = parser;
    }

    static ConfigNode parse(String file, String text) throws ConfigException {
        try (JsonParser parser = JSON.createParser(text)) {
            return new ConfigParser(file, parser).document();
        } catch (JsonProcessingException e) {
            throw syntaxError(file, e);
        } catch (IOException e) {
            throw new ConfigException(file, "expected JSON, got an error of the parser: " + e.getMessage(), e);
        }
    }

    private ConfigNode document() throws IOException, ConfigException {
        if (parser.nextToken() == null) {
            throw new ConfigException(file, Location.START, "", "expected a JSON value, got an empty text", null);
        }
        ConfigNode root = value(new ConfigNode.Origin(file, null, "", here(), here()), 0);
        if (parser.nextToken() != null) {
            throw new ConfigException(file, here(), "", "expected the end of the text, got more after the value", null);
        }
        return root;
    }

    private ConfigNode value(ConfigNode.Origin origin, int depth) throws IOException, ConfigException {
        if (++values > MAX_VALUES) {
            throw new ConfigNode(origin, null).error("expected at most " + MAX_VALUES + " values, got more");
        }
        JsonToken token = parser.currentToken();
        if (depth >= MAX_DEPTH && token.isStructStart()) {
            throw new ConfigNode(origin, null).error("expected at most " + MAX_DEPTH + " levels of nesting, got more");
        }
        return switch (token) {
            case START_OBJECT -> object(origin, depth);
            case START_ARRAY -> list(origin, depth);
            case VALUE_STRING -> string(origin);
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
                new ConfigNode(origin, new ConfigNode.NumberText(parser.getText()));
            case VALUE_TRUE -> new ConfigNode(origin, true);
            case VALUE_FALSE -> new ConfigNode(origin, false);
            case VALUE_NULL -> new ConfigNode(origin, null);
            default -> throw new ConfigNode(origin, null).error("expected a JSON value, got " + token);
        };
    }

    private ConfigNode object(ConfigNode.Origin origin, int depth) throws IOException, ConfigException {
        Map<String, ConfigNode> members = new LinkedHashMap<>();
        ConfigNode object = new ConfigNode(origin, members);
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            Location nameAt = here();
            parser.nextToken();
            ConfigNode.Origin at = new ConfigNode.Origin(file, object, ConfigNode.memberStep(name), nameAt, here());
            Scalars.requireWellFormed(name, at);
            ConfigNode before = members.get(name);
            if (before != null) {
                throw new ConfigNode(at, null)
                        .errorAtKey("expected each key once, got it again; first on line "
                                + before.origin().keyAt().line());
            }
            members.put(name, value(at, depth + 1));
        }
        return object;
    }

    private ConfigNode list(ConfigNode.Origin origin, int depth) throws IOException, ConfigException {
        List<ConfigNode> items = new ArrayList<>();
        ConfigNode list = new ConfigNode(origin, items);
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            Location at = here();
            items.add(value(new ConfigNode.Origin(file, list, "[" + items.size() + "]", at, at), depth + 1));
        }
        return list;
    }

    private ConfigNode string(ConfigNode.Origin origin) throws IOException, ConfigException {
        String text = parser.getText();
        Scalars.requireWellFormed(text, origin);
        return new ConfigNode(origin, text);
    }

    private Location here() {
        return Location.of(parser.currentTokenLocation());
    }

    private static ConfigException syntaxError(String file, JsonProcessingException e) {
        String problem = SOURCE.matcher(e.getOriginalMessage()).replaceAll("$1");
        problem = WORD.matcher(problem).replaceFirst("a word without quotes in place of (");
        problem = ADVICE.matcher(problem).replaceFirst("");
        return new ConfigException(
                file, Location.of(e.getLocation()), "", "expected JSON, got: " + Printable.escape(problem), e);
    }
}
