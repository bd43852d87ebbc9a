package io.v2ws.internal.net;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.UnaryOperator;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.SocketAddressResolver;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Looks names up on a thread of their own, as Jetty does, but answers for an IP address at once: that needs no look-up,
 * and the change of thread would be a large part of a quick connect.
 *
 * <p>The JVM keeps the addresses of a name for half a minute and has no way to ask past that. So after a failed connect
 * this class looks the name up in another spelling of upper and lower case, which is the same name to DNS and another
 * one to the JVM: a server that has moved is found at once. Safe for any thread.
 */
public final class AddressResolver implements SocketAddressResolver {
    /** For so long after a failed connect the JVM may have old addresses: longer than its 30 s. */
    private static final long STALE_NANOS = Duration.ofSeconds(35).toNanos();

    /** A spelling serves all look-ups of a second, so that a server that is down costs no flood of them. */
    private static final long SPELLING_NANOS = Duration.ofSeconds(1).toNanos();

    /** Most programs have a handful of hosts; one that has more only asks the JVM's cache again. */
    private static final int MOST_FAILURES = 1000;

    private final SocketAddressResolver names;
    private final UnaryOperator<List<InetSocketAddress>> order;
    /** When a connect to a host failed last. */
    private final Map<String, Long> failures = new ConcurrentHashMap<>();

    /**
     * Makes the resolver.
     *
     * @param timeoutMillis for one look-up, 0 for no limit
     * @param order sorts the addresses of a name
     */
    public AddressResolver(
            Executor executor, Scheduler scheduler, long timeoutMillis, UnaryOperator<List<InetSocketAddress>> order) {
        this.order = order;
        this.names = new SocketAddressResolver.Async(executor, scheduler, timeoutMillis);
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

    @Override
    public void resolve(String host, int port, Map<String, Object> context, Promise<List<InetSocketAddress>> promise) {
        InetAddress literal = IpLiteral.parse(host);
        if (literal != null) {
            promise.succeeded(List.of(new InetSocketAddress(literal, port)));
            return;
        }
        Promise<List<InetSocketAddress>> ordered =
                Promise.from(found -> promise.succeeded(order.apply(found)), promise::failed);
        Long failed = failures.get(host);
        if (failed == null) {
            names.resolve(host, port, context, ordered);
        } else if (System.nanoTime() - failed > STALE_NANOS) {
            failures.remove(host, failed);
            names.resolve(host, port, context, ordered);
        } else {
            names.resolve(
                    otherSpelling(host, System.nanoTime() / SPELLING_NANOS),
                    port,
                    context,
                    Promise.from(
                            found -> ordered.succeeded(found.stream()
                                    .map(address -> named(host, address))
                                    .toList()),
                            // A hosts file may know the usual spelling only.
                            unknown -> names.resolve(host, port, context, ordered)));
        }
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
    private static InetSocketAddress named(String host, InetSocketAddress found) {
        byte[] bytes = found.getAddress().getAddress();
        try {
            InetAddress address = found.getAddress() instanceof Inet6Address six && six.getScopeId() != 0
                    ? Inet6Address.getByAddress(host, bytes, six.getScopeId())
                    : InetAddress.getByAddress(host, bytes);
            return new InetSocketAddress(address, found.getPort());
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException("an address of " + bytes.length + " bytes", impossible);
        }
    }
}
