package io.v2ws.cli.probe;

import io.v2ws.HostAndPort;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.stream.Collectors;

/** DNS and TCP, from the trace of the handshake. */
final class NetworkSteps {
    private static final int MOST_SHOWN = 8;

    private final ProbeTarget target;
    private final HandshakeTrace trace;

    NetworkSteps(ProbeTarget target, HandshakeTrace trace) {
        this.target = target;
        this.trace = trace;
    }

    private String whose() {
        return target.proxied() ? "the proxy's " : "";
    }

    /**
     * Describes the look-up.
     *
     * @param failure why the handshake failed, null if it succeeded
     */
    Step dns(IOException failure) {
        String host = trace.host() == null ? "" : trace.host();
        if (trace.lookupTook() == null) {
            boolean unknown = failure instanceof UnknownHostException
                    || FailureText.isCausedBy(failure, UnknownHostException.class);
            return Step.failed(
                            StepName.DNS,
                            whose() + "name " + ReportFormat.text(host) + ": "
                                    + (unknown
                                            ? "expected an address, but no server knows the name"
                                            : FailureText.message(failure)))
                    .fact("host", ReportFormat.text(host))
                    .todo(
                            unknown
                                    ? "check the spelling, and the record at your DNS provider; or give the address"
                                            + " by --dial"
                                    : "check that this machine can reach its DNS server");
        }
        List<String> found = trace.addresses().stream()
                .map(address -> address.getAddress().getHostAddress())
                .toList();
        boolean literal = found.size() == 1 && isLiteral(host);
        String shown = found.stream().limit(MOST_SHOWN).collect(Collectors.joining(", "))
                + (found.size() > MOST_SHOWN ? " and " + (found.size() - MOST_SHOWN) + " more" : "");
        return Step.ok(
                        StepName.DNS,
                        literal
                                ? whose() + "address " + shown + ", nothing to look up"
                                : whose() + "name " + ReportFormat.text(host) + ": " + shown + ", in "
                                        + ReportFormat.time(trace.lookupTook()))
                .fact("host", ReportFormat.text(host))
                .fact("addresses", found)
                .fact("ms", ReportFormat.millis(trace.lookupTook()));
    }

    private static boolean isLiteral(String host) {
        try {
            // Only an address literal becomes an address here; there is no look-up.
            return (host.indexOf(':') >= 0 || host.matches("[0-9.]+")) && InetAddress.getByName(host) != null;
        } catch (UnknownHostException x) {
            return false;
        }
    }

    /**
     * Describes the connection.
     *
     * @param failure why the handshake failed, null if it succeeded
     */
    Step tcp(IOException failure) {
        Step step = trace.connectTook() == null ? unconnected(failure) : connected();
        List<String> vain = trace.failedAttempts().stream()
                .map(attempt -> text(attempt.address()) + ": " + FailureText.message(attempt.failure()))
                .toList();
        // A single address stands in the summary.
        boolean said = vain.size() < 2 && trace.connectTook() == null;
        return vain.isEmpty() ? step : step.with(new Fact("failed", vain, said ? List.of() : vain));
    }

    private Step connected() {
        Step step = Step.ok(
                        StepName.TCP,
                        whose() + text(trace.connecting()) + ", connected in " + ReportFormat.time(trace.connectTook()))
                .fact("address", text(trace.connecting()))
                .fact("ms", ReportFormat.millis(trace.connectTook()));
        return trace.failedAttempts().isEmpty()
                ? step
                : new Step(step.name(), Verdict.WARNING, step.summary(), step.facts(), "")
                        .todo("remove the dead addresses from DNS: every client tries them first");
    }

    private Step unconnected(IOException failure) {
        InetSocketAddress pending = trace.connecting();
        if (pending != null || isTimeout()) {
            return Step.failed(
                            StepName.TCP,
                            "expected a connection, but nothing answers"
                                    + (pending == null ? "" : " at " + text(pending)))
                    .todo("packets are dropped on the way: check the address, and firewalls at both ends");
        }
        Throwable last = trace.failedAttempts().isEmpty()
                ? failure
                : trace.failedAttempts().get(trace.failedAttempts().size() - 1).failure();
        boolean refused = last instanceof ConnectException
                && String.valueOf(last.getMessage()).contains("refused");
        Step step = Step.failed(StepName.TCP, "expected a connection, but " + FailureText.message(last));
        return step.todo(
                refused
                        ? "nothing listens there: check the port, and whether the server runs"
                        : last instanceof NoRouteToHostException
                                ? "there is no way to this address from here: check it, and this machine's network"
                                : "check the address, the network of this machine, and firewalls at both ends");
    }

    private boolean isTimeout() {
        List<HandshakeTrace.Attempt> attempts = trace.failedAttempts();
        return !attempts.isEmpty()
                && attempts.stream().allMatch(attempt -> attempt.failure() instanceof SocketTimeoutException);
    }

    private static String text(InetSocketAddress address) {
        return HostAndPort.of(address).toString();
    }
}
