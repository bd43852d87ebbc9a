package io.v2ws.cli.probe;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.v2ws.internal.net.Printable;
import java.io.IOException;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;

/** Writes a report as one JSON object. */
public final class JsonReport {
    private JsonReport() {}

    /** Returns the object, on several lines. */
    public static String text(ProbeReport report) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            json.useDefaultPrettyPrinter();
            json.writeStartObject();
            json.writeStringField("url", Printable.escape(report.url()));
            json.writeStringField("time", report.time().toString());
            json.writeNumberField("took_ms", ReportFormat.millis(report.took()));
            json.writeBooleanField("ok", !report.hasFailed());
            json.writeArrayFieldStart("steps");
            for (Step step : report.steps()) {
                write(json, step);
            }
            json.writeEndArray();
            json.writeFieldName("advice");
            write(json, report.advice());
            json.writeEndObject();
        } catch (IOException x) {
            throw new IllegalStateException("a string can always be written to", x);
        }
        return text.toString();
    }

    private static void write(JsonGenerator json, Step step) throws IOException {
        json.writeStartObject();
        json.writeStringField("step", step.name().key());
        json.writeStringField("verdict", step.verdict().key());
        json.writeStringField("summary", step.summary());
        if (!step.todo().isEmpty()) {
            json.writeStringField("todo", step.todo());
        }
        json.writeObjectFieldStart("facts");
        for (Fact fact : step.facts()) {
            json.writeFieldName(fact.key());
            write(json, fact.value());
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, Object value) throws IOException {
        if (value instanceof List<?> list) {
            json.writeStartArray();
            for (Object element : list) {
                write(json, element);
            }
            json.writeEndArray();
        } else if (value instanceof Map<?, ?> map) {
            json.writeStartObject();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                json.writeFieldName(String.valueOf(entry.getKey()));
                write(json, entry.getValue());
            }
            json.writeEndObject();
        } else if (value instanceof Boolean flag) {
            json.writeBoolean(flag);
        } else if (value instanceof Integer || value instanceof Long) {
            json.writeNumber(((Number) value).longValue());
        } else if (value instanceof Double number) {
            json.writeNumber(number);
        } else {
            json.writeString(String.valueOf(value));
        }
    }
}
