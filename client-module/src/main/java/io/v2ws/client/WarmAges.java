package io.v2ws.client;

import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.eclipse.jetty.io.CyclicTimeouts;
import org.eclipse.jetty.util.thread.Scheduler;

/** One timer for all warm connections: each is checked at the age that was set for its next check. */
final class WarmAges extends CyclicTimeouts<WarmConnection> {
    private final Supplier<List<WarmConnection>> all;
    private final Consumer<WarmConnection> look;

    /**
     * Makes the timer.
     *
     * @param all a copy of the list of waiting connections
     * @param look checks a connection, and sets the age of its next check
     */
    WarmAges(Scheduler scheduler, Supplier<List<WarmConnection>> all, Consumer<WarmConnection> look) {
        super(scheduler);
        this.all = all;
        this.look = look;
    }

    @Override
    protected Iterator<WarmConnection> iterator() {
        return all.get().iterator();
    }

    @Override
    protected boolean onExpired(WarmConnection warm) {
        look.accept(warm);
        return false;
    }
}
