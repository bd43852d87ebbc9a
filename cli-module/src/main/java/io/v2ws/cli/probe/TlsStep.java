package io.v2ws.cli.probe;

import io.v2ws.client.CertificatePinException;
import io.v2ws.client.HandshakeException;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** TLS, from the trace of the handshake. */
final class TlsStep {
    private static final Duration SOON = Duration.ofDays(14);

    private final ProbeTarget target;
    private final HandshakeTrace trace;

    TlsStep(ProbeTarget target, HandshakeTrace trace) {
        this.target = target;
        this.trace = trace;
    }

    /**
     * Describes the encryption.
     *
     * @param failure why the handshake failed, null if it succeeded
     */
    Step describe(IOException failure) {
        if (!target.isSecure()) {
            return Step.of(StepName.TLS, Verdict.NO, "a ws:// URL: everybody on the way can read and change all");
        }
        if (trace.tls() != null) {
            return secured();
        }
        Step step = trace.distrust() != null ? distrusted() : failed(failure);
        return withChain(step);
    }

    private Step secured() {
        HandshakeTrace.Tls tls = trace.tls();
        String trust = target.unverified() ? "certificate not verified" : "certificate trusted";
        Step step = Step.ok(
                        StepName.TLS,
                        tls.version() + ", "
                                + (tls.alpn().isEmpty() ? "no ALPN" : "ALPN " + ReportFormat.text(tls.alpn())) + ", "
                                + trust + ", in " + ReportFormat.time(tls.took()))
                .fact("version", tls.version())
                .with(new Fact("cipher", tls.cipher(), List.of("cipher suite " + tls.cipher())))
                .fact("alpn", ReportFormat.text(tls.alpn()))
                .fact("trusted", !target.unverified())
                .fact("ms", ReportFormat.millis(tls.took()));
        step = withChain(step);
        if (target.unverified()) {
            return new Step(step.name(), Verdict.WARNING, step.summary(), step.facts(), step.todo())
                    .todo("--insecure-skip-verify lets anybody on the way read and change all: use it for tests only");
        }
        return withExpiry(step);
    }

    private Step withExpiry(Step step) {
        if (trace.chain().isEmpty()) {
            return step;
        }
        Instant end = trace.chain().get(0).getNotAfter().toInstant();
        Duration left = Duration.between(Instant.now(), end);
        return left.compareTo(SOON) > 0
                ? step
                : new Step(step.name(), Verdict.WARNING, step.summary(), step.facts(), step.todo())
                        .todo("the certificate ends in " + left.toDays() + " days: renew it");
    }

    private Step withChain(Step step) {
        return trace.chain().isEmpty() ? step : step.with(Certificates.fact(trace.chain()));
    }

    private Step distrusted() {
        String message = FailureText.message(root(trace.distrust())).replaceAll("\\.$", "");
        String why = message.startsWith("PKIX path building failed")
                ? "nobody whom this client trusts has signed it"
                : message;
        boolean pin = trace.distrust() instanceof CertificatePinException;
        return Step.failed(StepName.TLS, pin ? why : "expected a certificate that can be trusted, but " + why)
                .fact("trusted", false)
                .fact("why", why)
                .todo(remedy(why));
    }

    /** The sentence of a validator is on top, the reason may be deeper. */
    private static Throwable root(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateExpiredException || cause instanceof CertificateNotYetValidException) {
                return new IOException(
                        "the certificate is " + (cause instanceof CertificateExpiredException ? "no longer" : "not yet")
                                + " valid: " + cause.getMessage());
            }
        }
        return failure;
    }

    private String remedy(String why) {
        List<X509Certificate> chain = trace.chain();
        if (trace.distrust() instanceof CertificatePinException) {
            return "compare the SHA-256 below with that of the server's certificate; where they are the same, pin it"
                    + " (--tls-pin)";
        }
        if (why.contains("valid: ")) {
            return "renew the certificate, or set the clock right";
        }
        if (why.startsWith("No name in the certificate matches")) {
            return "verify one of the names in the certificate (--tls-verify-name NAME)";
        }
        if (why.startsWith("No ") && why.contains("name")) {
            return "use one of the names in the certificate (--server-name NAME), or get one for this name";
        }
        if (chain.size() == 1
                && chain.get(0).getSubjectX500Principal().equals(chain.get(0).getIssuerX500Principal())) {
            return "the certificate is self-signed: give it to --tls-ca, or its SHA-256 to --tls-pin, or get one from a"
                    + " public authority";
        }
        return "no authority that this client trusts has signed it: an authority of your own needs --tls-ca; with a"
                + " public one the server must send the intermediate certificates too";
    }

    private Step failed(IOException failure) {
        if (failure instanceof HandshakeException refused) {
            return Step.failed(StepName.TLS, FailureText.message(refused)).todo(refused.hint());
        }
        String message = FailureText.message(failure);
        String lower = message.toLowerCase(Locale.ROOT);
        Step step = Step.failed(StepName.TLS, "expected a TLS handshake, but " + message);
        if (lower.contains("not an ssl/tls")
                || lower.contains("unrecognized ssl")
                || lower.contains("unsupported or unrecognized")) {
            return step.todo("this port does not speak TLS: use a ws:// URL, or the port that does");
        }
        if (lower.contains("certificate_required") || lower.contains("bad_certificate")) {
            return step.todo("the server wants a client certificate: give --tls-cert and --tls-key");
        }
        if (lower.contains("unrecognized_name")) {
            return step.todo("the server does not know this name: check the URL's host, or give --server-name");
        }
        if (lower.contains("protocol_version") || lower.contains("handshake_failure")) {
            return step.todo("the server speaks other versions or ciphers of TLS than this client");
        }
        if (failure instanceof SocketTimeoutException) {
            return step.todo("the server is silent: is this a TLS port?");
        }
        boolean ended = FailureText.isCausedBy(failure, EOFException.class)
                || FailureText.isCausedBy(failure, ClosedChannelException.class);
        return step.todo(
                ended
                        ? "something cuts TLS: check that the port speaks it, and filters on the way that look at"
                                + " the name"
                        : "check that the port speaks TLS, and the name that is asked for (--server-name)");
    }
}
