package io.v2ws.internal.io;

import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Whether the network has taken anything since the last look, for {@link Deadline#extendWhile}. Before each look it is
 * offered once more what waits, see {@link TunnelEndPoint#writeAgain}.
 */
public final class WriteProgress implements BooleanSupplier {
    private final Runnable writeAgain;
    private final LongSupplier taken;
    private long before;

    /**
     * Begins to look.
     *
     * @param writeAgain offers the network what waits
     * @param taken how many bytes the network has taken so far
     */
    public WriteProgress(Runnable writeAgain, LongSupplier taken) {
        this.writeAgain = writeAgain;
        this.taken = taken;
        this.before = taken.getAsLong();
    }

    @Override
    public boolean getAsBoolean() {
        writeAgain.run();
        long now = taken.getAsLong();
        boolean any = now > before;
        before = now;
        return any;
    }
}
