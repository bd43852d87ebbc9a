package io.v2ws.cli.probe;

import io.v2ws.internal.net.Printable;
import java.util.ArrayList;
import java.util.List;

/** Writes a report as text in 80 columns. */
public final class TextReport {
    private static final int WIDTH = 80;
    private static final int INDENT = 20;

    private TextReport() {}

    /** Returns the report as lines. */
    public static List<String> lines(ProbeReport report) {
        List<String> out = new ArrayList<>();
        out.addAll(wrapped("Probe of ", Printable.escape(report.url()), "  "));
        out.add("");
        report.steps().forEach(step -> addStep(out, step));
        out.add("");
        if (!report.advice().isEmpty()) {
            out.add("Advice");
            report.advice().forEach(advice -> out.addAll(wrapped("  * ", advice, "    ")));
            out.add("");
        }
        out.addAll(wrapped("", conclusion(report), ""));
        out.add("Took " + ReportFormat.time(report.took()) + ".");
        return out;
    }

    private static void addStep(List<String> out, Step step) {
        String start =
                String.format("%-14s%-6s", step.name().title(), step.verdict().label());
        String margin = " ".repeat(INDENT);
        out.addAll(wrapped(start, step.summary(), margin));
        for (Fact fact : step.facts()) {
            for (String line : fact.lines()) {
                int indent = line.length() - line.stripLeading().length();
                String more = margin + " ".repeat(indent);
                out.addAll(wrapped(more, line.strip(), more + "  "));
            }
        }
        if (!step.todo().isEmpty()) {
            out.addAll(wrapped(margin + "-> ", step.todo(), margin + "   "));
        }
    }

    private static String conclusion(ProbeReport report) {
        List<String> failed = titles(report, Verdict.FAILED);
        List<String> unknown = titles(report, Verdict.UNKNOWN);
        String first = failed.isEmpty() ? "Nothing failed" : "Failed: " + String.join("; ", failed);
        String second = unknown.isEmpty() ? "" : ". Cannot be known from here: " + String.join("; ", unknown);
        return first + second + ".";
    }

    private static List<String> titles(ProbeReport report, Verdict verdict) {
        return report.steps().stream()
                .filter(step -> step.verdict() == verdict)
                .map(step -> step.name().title())
                .toList();
    }

    /** Breaks text at spaces, and words that are longer than a line anywhere. */
    static List<String> wrapped(String first, String text, String margin) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder(first);
        int start = first.length();
        for (String word : text.split(" ")) {
            String rest = word;
            if (line.length() > start && line.length() + 1 + rest.length() > WIDTH) {
                lines.add(line.toString().stripTrailing());
                line = new StringBuilder(margin);
                start = margin.length();
            }
            line.append(line.length() > start ? " " : "");
            while (line.length() + rest.length() > WIDTH) {
                int fits = WIDTH - line.length();
                lines.add(line.append(rest, 0, fits).toString());
                rest = rest.substring(fits);
                line = new StringBuilder(margin);
                start = margin.length();
            }
            line.append(rest);
        }
        lines.add(line.toString().stripTrailing());
        return lines;
    }
}
