package io.v2ws.internal.net;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;

/**
 * Looks names up, on {@link LookupThreads}, and answers for an IP address at once: that needs no look-up, and the
 * change of thread would be a large part of a quick connect. Callers that ask for the same name at the same time share
 * one look-up.
 *
 * <p>The JVM keeps the addresses of a name for half a minute and has no way to ask past that. So after a failed connect
 * this class looks the name up in another spelling of upper and lower case, which is the same name to DNS and another
 * one to the JVM: a server that has moved is found at once. Safe for any thread.
 */
public final class AddressResolver {
    /** Finds the addresses of a name; may block for minutes. */
    @FunctionalInterface
    public interface NameService {
        /** Returns the addresses, at least one. */
        InetAddress[] addressesOf(String name) throws UnknownHostException;
    }

    /**
     * A look-up that waits or runs.
     *
     * @param callers whether each of them still waits; touched by the map's atomic methods alone
     */
    private record Lookup(CompletableFuture<List<InetAddress>> result, List<BooleanSupplier> callers) {
        boolean isWanted() {
            return callers.stream().anyMatch(BooleanSupplier::getAsBoolean);
        }
    }

    /** For so long after a failed connect the JVM may have old addresses: longer than its 30 s. */
    private static final long STALE_NANOS = Duration.ofSeconds(35).toNanos();

    /** A spelling serves all look-ups of a second, so that a server that is down costs no flood of them. */
    private static final long SPELLING_NANOS = Duration.ofSeconds(1).toNanos();

    /** Most programs have a handful of hosts; one that has more only asks the JVM's cache again. */
    private static final int MOST_FAILURES = 1000;

    private final NameService names;
    /** The look-ups that have not ended, by the name in lower case. */
    private final Map<String, Lookup> running = new ConcurrentHashMap<>();
    /** When a connect to a host failed last. */
    private final Map<String, Long> failures = new ConcurrentHashMap<>();

    /** Makes a resolver that asks the JVM. */
    public AddressResolver() {
        this(InetAddress::getAllByName);
    }

    /** Makes a resolver that asks this service. */
    public AddressResolver(NameService names) {
        this.names = names;
    }

    /** A connect to an address of this host failed: the host may have moved. */
    public void connectFailed(String host) {
        if (IpLiteral.parse(host) == null) {
            if (failures.size() >= MOST_FAILURES) {
                failures.clear();
            }
            failures.put(host, System.nanoTime());
        }
    }

    /**
     * Finds the addresses of a host.
     *
     * @param host a name or an address literal
     * @param wanted whether the caller still waits; a look-up that nobody waits for any more does not begin
     * @return completes with at least one address, at once for a literal, else on a thread for look-ups; or with an
     *     {@link IOException}, an {@link UnknownHostException} if the host has none. Not to be completed by the caller
     */
    public CompletableFuture<List<InetAddress>> resolve(String host, BooleanSupplier wanted) {
        InetAddress literal = IpLiteral.parse(host);
        if (literal != null) {
            return CompletableFuture.completedFuture(List.of(literal));
        }
        String key = host.toLowerCase(Locale.ROOT);
        Lookup fresh = new Lookup(new CompletableFuture<>(), new ArrayList<>(1));
        Lookup shared = running.compute(key, (name, other) -> {
            Lookup joined = other == null ? fresh : other;
            joined.callers.add(wanted);
            return joined;
        });
        if (shared == fresh) {
            try {
                LookupThreads.shared().execute(() -> lookUp(host, key, fresh));
            } catch (RejectedExecutionException full) {
                running.remove(key, fresh);
                fresh.result.completeExceptionally(new IOException("too many names are being looked up"));
            }
        }
        return shared.result;
    }

    private void lookUp(String host, String key, Lookup lookup) {
        if (running.computeIfPresent(key, (name, same) -> same.isWanted() ? same : null) == null) {
            return;
        }
        try {
            List<InetAddress> found = lookUp(host);
            running.remove(key);
            lookup.result.complete(found);
        } catch (Throwable x) {
            running.remove(key);
            lookup.result.completeExceptionally(x);
        }
    }

    private List<InetAddress> lookUp(String host) throws UnknownHostException {
        Long failed = failures.get(host);
        if (failed != null && System.nanoTime() - failed <= STALE_NANOS) {
            try {
                InetAddress[] found = names.addressesOf(otherSpelling(host, System.nanoTime() / SPELLING_NANOS));
                return Arrays.stream(found).map(address -> named(host, address)).toList();
            } catch (UnknownHostException unknown) {
                // A hosts file may know the usual spelling only.
            }
        } else if (failed != null) {
            failures.remove(host, failed);
        }
        return List.of(names.addressesOf(host));
    }

    /** Returns the name with other upper and lower case; which, the seed decides. */
    static String otherSpelling(String name, long seed) {
        // Spreads the seed over all bits.
        long bits = seed * 0x9E3779B97F4A7C15L;
        StringBuilder spelling = new StringBuilder(name);
        for (int i = 0; i < name.length(); i++) {
            if ((bits >>> (i % Long.SIZE) & 1) != 0) {
                flip(spelling, i);
            }
        }
        for (int i = 0; i < name.length() && spelling.toString().equals(name); i++) {
            flip(spelling, i);
        }
        return spelling.toString();
    }

    private static void flip(StringBuilder text, int index) {
        char c = text.charAt(index);
        if (c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z') {
            text.setCharAt(index, (char) (c ^ 0x20));
        }
    }

    /** Returns the address with the name as the user knows it. */
    private static InetAddress named(String host, InetAddress found) {
        byte[] bytes = found.getAddress();
        try {
            return found instanceof Inet6Address six && six.getScopeId() != 0
                    ? Inet6Address.getByAddress(host, bytes, six.getScopeId())
                    : InetAddress.getByAddress(host, bytes);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException("an address of " + bytes.length + " bytes", impossible);
        }
    }
}
