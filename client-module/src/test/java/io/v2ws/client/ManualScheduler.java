package io.v2ws.client;

import java.time.Duration;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.thread.Scheduler;

/** A scheduler whose time passes by {@link #advance} alone. Tasks run on the thread that calls it. */
final class ManualScheduler extends AbstractLifeCycle implements Scheduler {
    private final PriorityQueue<Entry> entries = new PriorityQueue<>();
    private long now;

    private record Entry(long at, Runnable action, Object id) implements Comparable<Entry> {
        @Override
        public int compareTo(Entry other) {
            return Long.compare(at, other.at);
        }
    }

    @Override
    public Task schedule(Runnable action, long delay, TimeUnit unit) {
        synchronized (entries) {
            Entry entry = new Entry(now + unit.toNanos(delay), action, new Object());
            entries.add(entry);
            return () -> {
                synchronized (entries) {
                    return entries.remove(entry);
                }
            };
        }
    }

    /** Lets time pass and runs what has become due, in order. */
    void advance(Duration time) {
        long end;
        synchronized (entries) {
            end = now + time.toNanos();
        }
        for (Entry due = next(end); due != null; due = next(end)) {
            due.action.run();
        }
    }

    private Entry next(long end) {
        synchronized (entries) {
            Entry first = entries.peek();
            if (first == null || first.at > end) {
                now = end;
                return null;
            }
            now = Math.max(now, first.at);
            return entries.poll();
        }
    }
}
