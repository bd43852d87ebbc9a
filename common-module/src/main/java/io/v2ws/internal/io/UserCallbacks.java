package io.v2ws.internal.io;

import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls the callbacks of users. One that throws, such as one that needs a stopped executor, must not keep a stream from
 * carrying on or ending: what it throws is logged.
 */
public final class UserCallbacks {
    private static final Logger LOG = LoggerFactory.getLogger(UserCallbacks.class);

    private UserCallbacks() {}

    /** Tells a writer that its write went out. */
    public static void succeed(Callback callback) {
        try {
            callback.succeeded();
        } catch (Throwable broken) {
            LOG.warn("The callback of a write threw", broken);
        }
    }

    /** Tells a writer why its write did not go out. */
    public static void fail(Callback callback, Throwable cause) {
        try {
            callback.failed(cause);
        } catch (Throwable broken) {
            LOG.warn("The callback of a write threw", broken);
        }
    }

    /**
     * Tells a reader that there is something to read.
     *
     * @return what it threw, or null
     */
    public static Throwable run(Runnable reader) {
        try {
            reader.run();
            return null;
        } catch (Throwable broken) {
            LOG.warn("The callback of a demand threw", broken);
            return broken;
        }
    }
}
