package io.v2ws.internal.net;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.UnaryOperator;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Connects to hosts that have several addresses as RFC 8305 describes: families take turns, the next address is tried
 * after 250 ms or as soon as an attempt fails, the first that connects is taken and the other attempts are given up.
 * Which address that was is remembered for ten minutes. Safe for any thread.
 */
public final class HappyEyeballs {
    /** How many addresses of a name are tried at most: an answer of DNS may hold hundreds. */
    static final int MOST_ADDRESSES = 32;

    private final AddressResolver resolver;
    private final Scheduler scheduler;
    private final UnaryOperator<List<InetSocketAddress>> order;
    private final KnownWinners winners = new KnownWinners(System::nanoTime);

    /**
     * Makes it.
     *
     * @param order sorts the addresses of a name; the family of the first one is tried first
     */
    public HappyEyeballs(AddressResolver resolver, Scheduler scheduler, UnaryOperator<List<InetSocketAddress>> order) {
        this.resolver = resolver;
        this.scheduler = scheduler;
        this.order = order;
    }

    /**
     * Starts to connect. There is no deadline: see {@link AddressRace#timeOut}.
     *
     * @param host a name or an address literal
     * @param name of the target, for messages
     * @param dialler makes the connections, and is told how it ends
     */
    public AddressRace connect(String host, int port, String name, AddressRace.Dialler dialler) {
        AddressRace race = new AddressRace(this, scheduler, host, name, dialler);
        resolver.resolve(host, race::isWanted).whenComplete((found, failure) -> {
            if (failure != null) {
                race.lookupFailed(failure);
            } else {
                race.resolved(inOrder(host, port, found));
            }
        });
        return race;
    }

    private List<InetSocketAddress> inOrder(String host, int port, List<InetAddress> found) {
        List<InetSocketAddress> addresses = found.stream()
                .map(address -> new InetSocketAddress(address, port))
                .toList();
        if (addresses.size() == 1) {
            return addresses;
        }
        List<InetSocketAddress> sorted = winners.first(host, interleaved(order.apply(addresses)));
        return sorted.subList(0, Math.min(sorted.size(), MOST_ADDRESSES));
    }

    /** Returns the addresses with the families in turns, beginning with that of the first (RFC 8305, section 4). */
    static List<InetSocketAddress> interleaved(List<InetSocketAddress> addresses) {
        Deque<InetSocketAddress> first = new ArrayDeque<>();
        Deque<InetSocketAddress> other = new ArrayDeque<>();
        for (InetSocketAddress address : addresses) {
            (isIpv6(address) == isIpv6(addresses.get(0)) ? first : other).add(address);
        }
        List<InetSocketAddress> turns = new ArrayList<>(addresses.size());
        while (!first.isEmpty() || !other.isEmpty()) {
            if (!first.isEmpty()) {
                turns.add(first.poll());
            }
            if (!other.isEmpty()) {
                turns.add(other.poll());
            }
        }
        return turns;
    }

    private static boolean isIpv6(InetSocketAddress address) {
        return address.getAddress() instanceof Inet6Address;
    }

    /**
     * A race has ended with a connection.
     *
     * @param first whether this address was the first that was tried
     */
    void won(String host, InetSocketAddress address, boolean first) {
        if (!first) {
            winners.won(host, address.getAddress());
        }
    }

    /** A race has ended without a connection. */
    void failed(String host) {
        resolver.connectFailed(host);
    }
}
