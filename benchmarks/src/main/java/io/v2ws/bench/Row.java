package io.v2ws.bench;

import java.io.IOException;

/** One thing that is measured, of all contenders in one go. */
interface Row {
    /** Measures it. */
    void measure(Bench bench, Recorder recorder) throws IOException, InterruptedException;
}
