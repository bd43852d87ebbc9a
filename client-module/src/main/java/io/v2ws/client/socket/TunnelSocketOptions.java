package io.v2ws.client.socket;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.nio.channels.SocketChannel;
import java.util.Set;

/**
 * The options of a socket that is not a TCP socket. They are stored and returned, so that libraries which set them
 * work; only the read timeout and SO_LINGER 0 have an effect. No method touches the platform socket that {@link Socket}
 * would create.
 */
abstract class TunnelSocketOptions extends Socket {
    private static final int BUFFER_SIZE = 64 * 1024;

    private volatile int soTimeout;
    private volatile int soLinger = -1;
    private volatile boolean tcpNoDelay = true;
    private volatile boolean keepAlive = true;

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

    @Override
    public <T> Socket setOption(SocketOption<T> name, T value) {
        throw new UnsupportedOperationException("a tunnel has no option " + name);
    }

    @Override
    public <T> T getOption(SocketOption<T> name) {
        throw new UnsupportedOperationException("a tunnel has no option " + name);
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return Set.of();
    }
}
