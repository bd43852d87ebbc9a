package io.v2ws.client.socket;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The options of a socket that is not a TCP socket. They are stored and returned, so that libraries which set them
 * work; only the read timeout and SO_LINGER 0 have an effect. No method touches the platform socket that {@link Socket}
 * would create.
 */
abstract class TunnelSocketOptions extends Socket {
    private static final Logger LOG = LoggerFactory.getLogger(TunnelSocketOptions.class);
    private static final int BUFFER_SIZE = 64 * 1024;

    private volatile int soTimeout;
    private volatile int soLinger = -1;
    private volatile boolean tcpNoDelay = true;
    private volatile boolean keepAlive = true;
    /** Options that have no field. */
    private final Map<SocketOption<?>, Object> others = new ConcurrentHashMap<>();

    @Override
    public void setSoTimeout(int millis) throws SocketException {
        if (millis < 0) {
            throw new IllegalArgumentException("timeout: expected 0 or more, got " + millis);
        }
        soTimeout = millis;
    }

    @Override
    public int getSoTimeout() {
        return soTimeout;
    }

    @Override
    public void setSoLinger(boolean on, int seconds) {
        if (on && seconds < 0) {
            throw new IllegalArgumentException("linger: expected 0 or more, got " + seconds);
        }
        soLinger = on ? seconds : -1;
    }

    @Override
    public int getSoLinger() {
        return soLinger;
    }

    @Override
    public void setTcpNoDelay(boolean on) {
        tcpNoDelay = on;
    }

    @Override
    public boolean getTcpNoDelay() {
        return tcpNoDelay;
    }

    @Override
    public void setKeepAlive(boolean on) {
        keepAlive = on;
    }

    @Override
    public boolean getKeepAlive() {
        return keepAlive;
    }

    @Override
    public void setSendBufferSize(int size) {
        // A tunnel has no such buffer.
    }

    @Override
    public int getSendBufferSize() {
        return BUFFER_SIZE;
    }

    @Override
    public void setReceiveBufferSize(int size) {
        // A tunnel has no such buffer.
    }

    @Override
    public int getReceiveBufferSize() {
        return BUFFER_SIZE;
    }

    @Override
    public void setTrafficClass(int trafficClass) {
        // The TCP connection belongs to the client.
    }

    @Override
    public int getTrafficClass() {
        return 0;
    }

    @Override
    public void setReuseAddress(boolean on) {
        // There is no local address to reuse.
    }

    @Override
    public boolean getReuseAddress() {
        return false;
    }

    @Override
    public void setOOBInline(boolean on) {
        // A WebSocket has no urgent data.
    }

    @Override
    public boolean getOOBInline() {
        return false;
    }

    @Override
    public void sendUrgentData(int data) throws IOException {
        throw new SocketException("a tunnel carries no urgent data");
    }

    @Override
    public void bind(SocketAddress bindpoint) {
        // The TCP connection belongs to the client.
    }

    @Override
    public SocketChannel getChannel() {
        return null;
    }

    /** Accepts every option that a TCP socket has on this platform. */
    @Override
    public <T> Socket setOption(SocketOption<T> name, T value) throws SocketException {
        requireSupported(name);
        if (value == null || !name.type().isInstance(value)) {
            throw new IllegalArgumentException(
                    name + ": expected a " + name.type().getSimpleName() + ", got " + value);
        }
        if (name == StandardSocketOptions.TCP_NODELAY) {
            setTcpNoDelay((Boolean) value);
        } else if (name == StandardSocketOptions.SO_KEEPALIVE) {
            setKeepAlive((Boolean) value);
        } else if (name == StandardSocketOptions.SO_LINGER) {
            setSoLinger((Integer) value >= 0, (Integer) value);
        } else {
            others.put(name, value);
        }
        return this;
    }

    @Override
    public <T> T getOption(SocketOption<T> name) throws SocketException {
        requireSupported(name);
        Object value;
        if (name == StandardSocketOptions.TCP_NODELAY) {
            value = getTcpNoDelay();
        } else if (name == StandardSocketOptions.SO_KEEPALIVE) {
            value = getKeepAlive();
        } else if (name == StandardSocketOptions.SO_LINGER) {
            value = getSoLinger();
        } else {
            value = others.getOrDefault(name, PlatformOptions.DEFAULTS.get(name));
        }
        return name.type().cast(value);
    }

    private void requireSupported(SocketOption<?> name) throws SocketException {
        Objects.requireNonNull(name, "name");
        if (isClosed()) {
            throw new SocketException("Socket is closed");
        }
        if (!supportedOptions().contains(name)) {
            throw new UnsupportedOperationException("a socket has no option " + name);
        }
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return PlatformOptions.DEFAULTS.keySet();
    }

    /** The options of a TCP socket on this platform, looked up once, on a socket that is never connected. */
    private static final class PlatformOptions {
        static final Map<SocketOption<?>, Object> DEFAULTS = lookUp();

        private static Map<SocketOption<?>, Object> lookUp() {
            Map<SocketOption<?>, Object> defaults = new HashMap<>();
            try (Socket socket = new Socket()) {
                for (SocketOption<?> option : socket.supportedOptions()) {
                    // Null unless the kernel knows a value.
                    defaults.put(option, null);
                    lookUp(socket, option, defaults);
                }
            } catch (IOException x) {
                LOG.debug("The options of TCP sockets cannot be looked up", x);
            }
            return Collections.unmodifiableMap(defaults);
        }

        private static void lookUp(Socket socket, SocketOption<?> option, Map<SocketOption<?>, Object> defaults) {
            try {
                defaults.put(option, socket.getOption(option));
            } catch (IOException | UnsupportedOperationException x) {
                LOG.debug("The default of {} cannot be looked up", option, x);
            }
        }
    }
}
