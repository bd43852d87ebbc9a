package io.v2ws.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** One line of the table of what is to be reached: all its values have to keep the bound. */
final class Target {
    private record Value(String where, double value) {}

    private final String what;
    private final boolean atLeast;
    private final double bound;
    private final List<Value> values = new ArrayList<>();
    private final List<String> missing = new ArrayList<>();

    private Target(String what, boolean atLeast, double bound) {
        this.what = what;
        this.atLeast = atLeast;
        this.bound = bound;
    }

    static Target atLeast(String what, double bound) {
        return new Target(what, true, bound);
    }

    static Target atMost(String what, double bound) {
        return new Target(what, false, bound);
    }

    Target add(String where, OptionalDouble value) {
        value.ifPresentOrElse(measured -> values.add(new Value(where, measured)), () -> missing.add(where));
        return this;
    }

    /** What, the bound, what was measured, whether it was reached. */
    List<String> cells() {
        return List.of(what, (atLeast ? "≥ " : "≤ ") + Markdown.number(bound), measured(), reached());
    }

    private String measured() {
        List<String> shown = new ArrayList<>();
        for (Value value : values) {
            shown.add(value.where + " " + (kept(value) ? Markdown.number(value.value) : "**" + missed(value) + "**"));
        }
        if (values.isEmpty()) {
            return "not measured";
        }
        missing.forEach(where -> shown.add(where + " not measured"));
        return String.join("; ", shown);
    }

    private String reached() {
        long kept = values.stream().filter(this::kept).count();
        if (kept < values.size()) {
            return kept == 0 ? "no" : "in " + kept + " of " + values.size();
        }
        if (values.isEmpty()) {
            return Markdown.NOT_MEASURED;
        }
        return missing.isEmpty() ? "yes" : "as far as measured";
    }

    /** With more decimals where the usual ones would show the bound itself. */
    private String missed(Value value) {
        String number = Markdown.number(value.value);
        return number.equals(Markdown.number(bound)) ? String.format(Locale.ROOT, "%.4f", value.value) : number;
    }

    private boolean kept(Value value) {
        return atLeast ? value.value >= bound : value.value <= bound;
    }
}
