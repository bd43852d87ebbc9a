package io.v2ws.bench;

import java.util.Locale;
import java.util.function.Supplier;

/** All rows, in the order they are measured. */
enum Rows {
    THROUGHPUT(Throughput::new),
    BESIDE_BUSY(LatencyUnderLoad::new),
    ALLOCATION(Allocation::new),
    FIRST_BYTE(FirstByte::new),
    OPENING(Opening::new),
    IDLE(Idle::new),
    START_UP(StartUp::new);

    private final Supplier<Row> maker;

    Rows(Supplier<Row> maker) {
        this.maker = maker;
    }

    String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    Row make() {
        return maker.get();
    }
}
