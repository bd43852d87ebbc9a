package io.v2ws.config;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.PrettyPrinter;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/** Writes trees of maps, lists, strings, whole numbers and booleans as JSON, indented. */
final class JsonPrinter {
    private static final JsonFactory ANY = new JsonFactory();
    private static final JsonFactory ASCII =
            new JsonFactoryBuilder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private JsonPrinter() {}

    /** Returns the text, without an end of its last line. */
    static String print(Object tree, boolean ascii) {
        return print(tree, ascii, true);
    }

    /** Returns the text on one line. */
    static String printCompact(Object tree) {
        return print(tree, false, false);
    }

    private static String print(Object tree, boolean ascii, boolean pretty) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = (ascii ? ASCII : ANY).createGenerator(text)) {
            if (pretty) {
                json.setPrettyPrinter(prettyPrinter());
            }
            write(json, tree);
        } catch (IOException e) {
            throw new UncheckedIOException("a string could not be written to", e);
        }
        return text.toString();
    }

    /** As sing-box and Xray print it. */
    private static PrettyPrinter prettyPrinter() {
        Separators separators = Separators.createDefaultInstance()
                .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
                .withObjectEmptySeparator("")
                .withArrayEmptySeparator("");
        DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
        return new DefaultPrettyPrinter(separators).withArrayIndenter(indenter).withObjectIndenter(indenter);
    }

    private static void write(JsonGenerator json, Object tree) throws IOException {
        if (tree instanceof Map<?, ?> map) {
            json.writeStartObject();
            for (Map.Entry<?, ?> member : map.entrySet()) {
                json.writeFieldName((String) member.getKey());
                write(json, member.getValue());
            }
            json.writeEndObject();
        } else if (tree instanceof List<?> list) {
            json.writeStartArray();
            for (Object item : list) {
                write(json, item);
            }
            json.writeEndArray();
        } else if (tree instanceof Integer number) {
            json.writeNumber(number);
        } else if (tree instanceof Boolean flag) {
            json.writeBoolean(flag);
        } else {
            json.writeString((String) tree);
        }
    }
}
