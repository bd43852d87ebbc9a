package io.v2ws.server;

import jakarta.servlet.ServletContext;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Which filters of a web application have started. Safe for any thread. */
final class Health {
    private static final String ATTRIBUTE = Health.class.getName();

    /** By the name of a filter: whether it works as configured. */
    private final Map<String, Boolean> filters = new ConcurrentHashMap<>();

    private Health() {}

    /** Returns that of an application. */
    static Health of(ServletContext context) {
        synchronized (context) {
            Health health = (Health) context.getAttribute(ATTRIBUTE);
            if (health == null) {
                health = new Health();
                context.setAttribute(ATTRIBUTE, health);
            }
            return health;
        }
    }

    /** Says how the start of a filter ended. */
    void started(String filter, boolean works) {
        filters.put(filter, works);
    }

    /** Whether the application can do what its configuration wants. */
    boolean isReady() {
        return !filters.containsValue(false);
    }
}
