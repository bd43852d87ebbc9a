package io.v2ws.bench;

import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The running lines of several contenders. One that fails is noted and misses its turn; one that fails again and again
 * is dropped, and the others go on.
 */
final class Lines implements AutoCloseable {
    /** What is done with each line. */
    interface Action {
        void on(Contender contender, Line line) throws IOException, InterruptedException;
    }

    private static final int MOST_FAILURES = 3;

    private final Recorder recorder;
    private final String key;
    private final Map<Contender, Integer> failures = new HashMap<>();
    private final Map<Contender, Line> lines = new LinkedHashMap<>();

    private Lines(Recorder recorder, String key) {
        this.recorder = recorder;
        this.key = key;
    }

    /**
     * Starts all that support the route.
     *
     * @param key what the route is, for notes
     */
    static Lines start(List<Contender> contenders, Route route, Recorder recorder, String key) {
        Lines started = new Lines(recorder, key);
        for (Contender contender : contenders) {
            if (contender.supports(route)) {
                try {
                    started.lines.put(contender, contender.start(route));
                } catch (IOException x) {
                    recorder.notMeasured(key, contender, x.getMessage());
                }
            }
        }
        return started;
    }

    /** Does something with each line, in turns. */
    void forEach(Action action) throws InterruptedException {
        for (Contender contender : List.copyOf(lines.keySet())) {
            try {
                action.on(contender, lines.get(contender));
            } catch (IOException x) {
                recorder.missed(key, contender, x.getMessage());
                if (failures.merge(contender, 1, Integer::sum) == MOST_FAILURES) {
                    lines.remove(contender).close();
                }
            }
        }
    }

    @Override
    public void close() {
        lines.values().forEach(Line::close);
    }
}
