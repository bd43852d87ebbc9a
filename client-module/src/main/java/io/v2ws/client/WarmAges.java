package io.v2ws.client;

import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.eclipse.jetty.io.CyclicTimeouts;
import org.eclipse.jetty.util.thread.Scheduler;

/** One timer for all warm connections: each is looked at when it comes to the age at which it wants to be. */
final class WarmAges extends CyclicTimeouts<WarmConnection> {
    private final Supplier<List<WarmConnection>> all;
    private final Consumer<WarmConnection> look;

    /**
     * Makes the timer.
     *
     * @param all a copy of those that wait
     * @param look sets the next age, too
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
