package io.v2ws.cli.probe;

import io.v2ws.WebSocketTransportOptions;
import io.v2ws.client.TlsOptions;
import io.v2ws.client.WebSocketTransportClient;
import java.time.Duration;

/** Runs probes in this process, with short times. */
final class ProbeRig {
    private static final ProbeLimits LIMITS = new ProbeLimits(Duration.ofSeconds(40), 1 << 20, Duration.ZERO);

    private ProbeRig() {}

    static WebSocketTransportOptions.Builder options() {
        return WebSocketTransportOptions.builder()
                .handshakeTimeout(Duration.ofSeconds(10))
                .closeTimeout(Duration.ofMillis(500));
    }

    static ProbeReport probe(String url) throws Exception {
        return probe(url, options().build());
    }

    static ProbeReport probe(String url, WebSocketTransportOptions options) throws Exception {
        return probe(url, options, TlsOptions.builder().build(), LIMITS);
    }

    static ProbeReport probe(String url, TlsOptions tls) throws Exception {
        return probe(url, options().build(), tls, LIMITS);
    }

    static ProbeReport probe(String url, WebSocketTransportOptions options, ProbeLimits limits) throws Exception {
        return probe(url, options, TlsOptions.builder().build(), limits);
    }

    private static ProbeReport probe(String url, WebSocketTransportOptions options, TlsOptions tls, ProbeLimits limits)
            throws Exception {
        WebSocketTransportClient.Builder builder =
                WebSocketTransportClient.builder(url).tls(tls);
        ProbeTarget target = new ProbeTarget(url, options, builder, false, tls.insecureSkipVerify());
        return new Probe(target, limits, doing -> {}).run();
    }

    /** The value of a fact; null if the step has none such. */
    static Object fact(Step step, String key) {
        return step.facts().stream()
                .filter(fact -> fact.key().equals(key))
                .map(Fact::value)
                .findFirst()
                .orElse(null);
    }
}
