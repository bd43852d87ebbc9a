package io.v2ws.cli.probe;

import java.util.ArrayList;
import java.util.List;

/**
 * The result of one step. Immutable.
 *
 * @param summary the result, a sentence without a full stop
 * @param facts in the order in which they are shown
 * @param todo what the user can do; empty for none
 */
public record Step(StepName name, Verdict verdict, String summary, List<Fact> facts, String todo) {

    /** Copies the facts. */
    public Step {
        facts = List.copyOf(facts);
    }

    static Step of(StepName name, Verdict verdict, String summary) {
        return new Step(name, verdict, summary, List.of(), "");
    }

    static Step ok(StepName name, String summary) {
        return of(name, Verdict.OK, summary);
    }

    static Step failed(StepName name, String summary) {
        return of(name, Verdict.FAILED, summary);
    }

    static Step notTried(StepName name, String why) {
        return of(name, Verdict.NOT_TRIED, "not tried: " + why);
    }

    Step fact(String key, Object value) {
        return with(Fact.of(key, value));
    }

    Step with(Fact fact) {
        List<Fact> more = new ArrayList<>(facts);
        more.add(fact);
        return new Step(name, verdict, summary, more, todo);
    }

    Step todo(String newTodo) {
        return new Step(name, verdict, summary, facts, newTodo);
    }
}
