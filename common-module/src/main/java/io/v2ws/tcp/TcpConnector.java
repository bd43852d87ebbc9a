package io.v2ws.tcp;

import io.v2ws.HostAndPort;
import io.v2ws.internal.io.BeatScheduler;
import io.v2ws.internal.io.HostedChannel;
import io.v2ws.internal.io.SelectorAccept;
import io.v2ws.internal.net.AddressRace;
import io.v2ws.internal.net.AddressResolver;
import io.v2ws.internal.net.HappyEyeballs;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.util.IO;
import org.eclipse.jetty.util.component.ContainerLifeCycle;
import org.eclipse.jetty.util.component.Graceful;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Makes {@link TcpStream}s, outgoing and accepted, on Jetty's selectors. A Jetty life cycle: start it before use;
 * stopping it resets the connections that are still there. A server that stops gracefully waits for them first. Safe
 * for any thread.
 */
public final class TcpConnector extends ContainerLifeCycle implements Graceful {
    private final Executor executor;
    private final Scheduler scheduler;
    private final ByteBufferPool pool;
    private final TcpContext context;
    private final TcpKeepAlive keepAlive;
    private final Selectors selectors;
    /** Its own selectors, or those of somebody who hosts it. */
    private volatile SelectorManager host;

    private final AddressOrder addressOrder;
    private final HappyEyeballs eyeballs;
    private final Map<SelectableChannel, Consumer<SocketChannel>> acceptors = new ConcurrentHashMap<>();

    /** Makes a connector with threads, scheduler and buffers of its own; all its threads are daemons. */
    public TcpConnector() {
        this(TcpKeepAlive.DEFAULT);
    }

    /**
     * Makes a connector with threads, scheduler and buffers of its own; all its threads are daemons.
     *
     * @param keepAlive of all its connections
     */
    public TcpConnector(TcpKeepAlive keepAlive) {
        this(keepAlive, AddressOrder.SYSTEM);
    }

    /**
     * Makes a connector with threads, scheduler and buffers of its own; all its threads are daemons.
     *
     * @param keepAlive of all its connections
     * @param addressOrder of the addresses that it connects to
     */
    public TcpConnector(TcpKeepAlive keepAlive, AddressOrder addressOrder) {
        this(ownThreads(), new BeatScheduler("v2ws-scheduler"), new ArrayByteBufferPool(), keepAlive, addressOrder);
    }

    /**
     * Makes a connector that shares what an application has already, such as its Jetty server's. What is not started
     * yet is started and stopped with this connector.
     */
    public TcpConnector(Executor executor, Scheduler scheduler, ByteBufferPool pool) {
        this(executor, scheduler, pool, TcpKeepAlive.DEFAULT);
    }

    /**
     * Makes a connector that shares threads, scheduler and buffers, see {@link #TcpConnector(Executor, Scheduler,
     * ByteBufferPool)}.
     *
     * @param keepAlive of all its connections
     */
    public TcpConnector(Executor executor, Scheduler scheduler, ByteBufferPool pool, TcpKeepAlive keepAlive) {
        this(executor, scheduler, pool, keepAlive, AddressOrder.SYSTEM);
    }

    /**
     * Makes a connector that shares threads, scheduler and buffers, see {@link #TcpConnector(Executor, Scheduler,
     * ByteBufferPool)}.
     *
     * @param keepAlive of all its connections
     * @param addressOrder of the addresses that it connects to
     */
    public TcpConnector(
            Executor executor,
            Scheduler scheduler,
            ByteBufferPool pool,
            TcpKeepAlive keepAlive,
            AddressOrder addressOrder) {
        this(executor, scheduler, pool, keepAlive, addressOrder, new AddressResolver());
    }

    /** For tests: with another source of addresses. */
    TcpConnector(
            Executor executor,
            Scheduler scheduler,
            ByteBufferPool pool,
            TcpKeepAlive keepAlive,
            AddressOrder addressOrder,
            AddressResolver resolver) {
        this.addressOrder = Objects.requireNonNull(addressOrder, "addressOrder");
        this.keepAlive = Objects.requireNonNull(keepAlive, "keepAlive");
        this.executor = executor;
        this.scheduler = scheduler;
        this.pool = pool;
        this.context = new TcpContext(executor, pool, new OpenConnections());
        this.selectors = new Selectors();
        this.host = selectors;
        this.eyeballs = new HappyEyeballs(resolver, scheduler, addressOrder::sort);
        installBean(executor);
        installBean(scheduler);
        installBean(pool);
        installBean(selectors);
    }

    private static QueuedThreadPool ownThreads() {
        QueuedThreadPool threads = new QueuedThreadPool();
        // Jetty keeps eight threads from the start; programs with many clients do not need eight for each.
        threads.setMinThreads(0);
        threads.setName("v2ws");
        threads.setDaemon(true);
        return threads;
    }

    /** The scheduler of this connector, for timers that go with its streams. */
    public Scheduler scheduler() {
        return scheduler;
    }

    /** The buffers of this connector. */
    public ByteBufferPool bufferPool() {
        return pool;
    }

    /** The TCP keepalive of this connector's connections. */
    public TcpKeepAlive keepAlive() {
        return keepAlive;
    }

    /** The order in which this connector tries the addresses of a name. */
    public AddressOrder addressOrder() {
        return addressOrder;
    }

    /** The threads of this connector. */
    public Executor executor() {
        return executor;
    }

    /**
     * Connects. The name is looked up each time, on threads for look-ups. Its addresses are tried as RFC 8305 says
     * (Happy Eyeballs): IPv4 and IPv6 in turns, the next one after 250 ms or as soon as one fails; the first that
     * connects is taken, and tried first for the next ten minutes.
     *
     * @param timeout for look-up and connect together, more than zero; one address gets a minute at most
     * @return completes with the stream, or with an {@link IOException} naming the target, and each address with the
     *     reason of its failure. Completing the future from outside gives the connect up
     */
    public CompletableFuture<TcpStream> connect(HostAndPort target, Duration timeout) {
        CompletableFuture<TcpStream> result = new CompletableFuture<>();
        AddressRace race =
                eyeballs.connect(target.host(), target.port(), target.toDisplayString(), new Dialler(result));
        Scheduler.Task deadline =
                scheduler.schedule(() -> race.timeOut(timeout), timeout.toMillis(), TimeUnit.MILLISECONDS);
        result.whenComplete((stream, failure) -> {
            deadline.cancel();
            race.cancel();
        });
        return result;
    }

    /**
     * Takes over an accepted, connected channel.
     *
     * @return completes with the stream
     */
    public CompletableFuture<TcpStream> accept(SocketChannel channel) {
        CompletableFuture<TcpStream> result = new CompletableFuture<>();
        try {
            configure(channel);
            host.accept(channel, new TcpOpening(context, null, result));
        } catch (IOException | RuntimeException x) {
            result.completeExceptionally(x);
        }
        return result;
    }

    /** Starts to connect to one address. */
    private SocketChannel connect(InetSocketAddress address, TcpOpening opening) throws IOException {
        SocketChannel channel = SocketChannel.open();
        try {
            configure(channel);
            if (channel.connect(address)) {
                host.accept(channel, opening);
            } else {
                host.connect(channel, opening);
            }
            return channel;
        } catch (IOException | RuntimeException x) {
            channel.close();
            throw x;
        }
    }

    /**
     * Makes connections on somebody else's selectors from now on, who does as {@link HostedChannel} says and must
     * outlive all use of this connector.
     */
    public void hostedBy(SelectorManager manager) {
        host = manager;
    }

    /** For {@link SelectorManager#doAccept} of the host, which then returns null. */
    public void acceptFrom(SelectableChannel server, SelectorManager manager) {
        Consumer<SocketChannel> acceptor = acceptors.get(server);
        if (acceptor != null) {
            SelectorAccept.next(server, manager, acceptor::accept);
        }
    }

    /**
     * Tells when all connections have ended, in order or by a reset that may be waiting; their owners end them.
     *
     * @return completes then
     */
    @Override
    public CompletableFuture<Void> shutdown() {
        return context.open().none();
    }

    @Override
    public boolean isShutdown() {
        return context.open().isAwaited();
    }

    /** Has a bound, non-blocking channel accepted from, until {@link #unlisten} or the end of this connector. */
    void listen(ServerSocketChannel channel, Consumer<SocketChannel> acceptor) {
        acceptors.put(channel, acceptor);
        host.acceptor(channel);
    }

    void unlisten(ServerSocketChannel channel) {
        acceptors.remove(channel);
        abandon(channel);
    }

    @Override
    protected void doStop() throws Exception {
        acceptors.keySet().forEach(IO::close);
        acceptors.clear();
        super.doStop();
        context.open().reset();
    }

    /** Closes a channel that may be registered with a selector. */
    private void abandon(SelectableChannel channel) {
        IO.close(channel);
        // The descriptor of a registered channel is closed by its selector, which has to wake up for that.
        host.getBeans(ManagedSelector.class).forEach(selector -> selector.submit(woken -> {}));
    }

    private void configure(SocketChannel channel) throws IOException {
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        keepAlive.applyTo(channel);
    }

    /** Connects to the addresses of a name, on the selectors of the host. */
    private final class Dialler implements AddressRace.Dialler {
        private final CompletableFuture<TcpStream> result;

        Dialler(CompletableFuture<TcpStream> result) {
            this.result = result;
        }

        @Override
        public Closeable dial(InetSocketAddress address, AddressRace.Attempt attempt) throws IOException {
            SocketChannel channel = connect(address, new TcpOpening(context, attempt, result));
            return () -> abandon(channel);
        }

        @Override
        public void failed(IOException failure) {
            result.completeExceptionally(failure);
        }
    }

    /** Jetty's selectors; the attachment of a channel is the future of its stream. */
    private final class Selectors extends SelectorManager {
        Selectors() {
            super(executor, scheduler);
            setConnectTimeout(HostedChannel.LONGEST_CONNECT.toMillis());
        }

        @Override
        protected SelectableChannel doAccept(SelectableChannel server) {
            acceptFrom(server, this);
            return null;
        }

        /** Opening and closing a connection blocks nowhere, and costs less than waking a thread for it. */
        @Override
        protected void execute(Runnable task) {
            if (isStarted()) {
                task.run();
            } else {
                // At the start it is the selector itself, which stays.
                super.execute(task);
            }
        }

        @Override
        protected EndPoint newEndPoint(SelectableChannel channel, ManagedSelector selector, SelectionKey key) {
            return ((HostedChannel) key.attachment()).newEndPoint(channel, selector, key, getScheduler());
        }

        @Override
        public Connection newConnection(SelectableChannel channel, EndPoint endPoint, Object attachment) {
            return ((HostedChannel) attachment).newConnection(endPoint);
        }

        @Override
        public void connectionOpened(Connection connection, Object attachment) {
            super.connectionOpened(connection, attachment);
            ((HostedChannel) attachment).connectionOpened(connection);
        }

        @Override
        protected void connectionFailed(SelectableChannel channel, Throwable cause, Object attachment) {
            ((HostedChannel) attachment).connectionFailed(cause);
        }
    }
}
