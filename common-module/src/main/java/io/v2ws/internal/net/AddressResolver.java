package io.v2ws.internal.net;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.UnaryOperator;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.SocketAddressResolver;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Looks names up on a thread of their own, as Jetty does, but answers for an IP address at once: that needs no look-up, and
 * the change of thread would be a large part of a quick connect. Safe for any thread.
 */
public final class AddressResolver implements SocketAddressResolver {
    private final SocketAddressResolver names;
    private final UnaryOperator<List<InetSocketAddress>> order;

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

    @Override
    public void resolve(String host, int port, Map<String, Object> context, Promise<List<InetSocketAddress>> promise) {
        InetAddress literal = IpLiteral.parse(host);
        if (literal == null) {
            names.resolve(
                    host, port, context, Promise.from(found -> promise.succeeded(order.apply(found)), promise::failed));
        } else {
            promise.succeeded(List.of(new InetSocketAddress(literal, port)));
        }
    }
}
