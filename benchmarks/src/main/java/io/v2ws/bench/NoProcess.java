package io.v2ws.bench;

import java.util.Optional;

/** Nothing in between: what the load generator itself can do. */
final class NoProcess implements Contender {
    @Override
    public String id() {
        return "direct-tcp";
    }

    @Override
    public String label() {
        return "no process (headroom)";
    }

    @Override
    public Optional<String> missing() {
        return Optional.empty();
    }

    @Override
    public boolean supports(Route route) {
        return !route.tls();
    }

    @Override
    public Line start(Route route) {
        return Line.direct(route);
    }
}
