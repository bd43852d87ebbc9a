package io.v2ws.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Collects what a row measures. */
final class Recorder {
    private record Key(String key, String contender, String unit) {}

    private final Bench bench;
    private final Map<Key, List<Double>> samples = new LinkedHashMap<>();
    private final Map<String, String> labels = new LinkedHashMap<>();
    private final List<String> notes = new ArrayList<>();

    Recorder(Bench bench) {
        this.bench = bench;
    }

    void add(String key, Contender contender, String unit, double sample) {
        labels.put(contender.id(), contender.label());
        samples.computeIfAbsent(new Key(key, contender.id(), unit), fresh -> new ArrayList<>())
                .add(sample);
    }

    /** Notes that something was not measured, and tells the terminal. */
    void notMeasured(String key, Contender contender, String why) {
        String note = contender.label() + (key.isEmpty() ? "" : ", " + key) + ": not measured: " + why;
        note(note);
    }

    /** Notes that a sample failed, and tells the terminal. */
    void missed(String key, Contender contender, String why) {
        note(contender.label() + ", " + key + ": a sample failed: " + why);
    }

    /** Keeps a note, and tells the terminal. */
    void note(String note) {
        bench.say("  %s", note);
        // What the processes logged is for the terminal.
        notes.add(note.lines().findFirst().orElse(""));
    }

    /** Returns those that can be measured here and notes the others. */
    List<Contender> present(List<Contender> contenders) {
        List<Contender> present = new ArrayList<>();
        for (Contender contender : contenders) {
            contender.missing().ifPresentOrElse(why -> notMeasured("", contender, why), () -> present.add(contender));
        }
        return present;
    }

    List<Measurement> measurements() {
        return samples.entrySet().stream()
                .map(entry -> new Measurement(
                        entry.getKey().key(),
                        entry.getKey().contender(),
                        entry.getKey().unit(),
                        List.copyOf(entry.getValue())))
                .toList();
    }

    Map<String, String> labels() {
        return labels;
    }

    List<String> notes() {
        return notes;
    }
}
