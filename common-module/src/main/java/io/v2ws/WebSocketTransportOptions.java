package io.v2ws;

import io.v2ws.internal.net.Printable;
import io.v2ws.internal.net.RequestTarget;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * How one WebSocket transport behaves on the wire: the options of sing-box's {@code "transport": {"type": "ws"}} object
 * and the times that go with them. Immutable; made by {@link #builder()}.
 *
 * <p>Both ends of a tunnel need the same {@code path}, {@code maxEarlyData} and {@code earlyDataHeaderName}; every
 * other option concerns one end alone.
 */
public final class WebSocketTransportOptions {
    /** The header that browsers can set, and so the one commonly used to carry early data. */
    public static final String SEC_WEBSOCKET_PROTOCOL = "Sec-WebSocket-Protocol";

    /** How long a forwarder waits for its local side to speak before it upgrades without early data: 300 ms. */
    public static final Duration DEFAULT_FORWARDER_SERVER_FIRST_WAIT = Duration.ofMillis(300);

    /** How long the reset of a TCP connection is held back unless set otherwise: 5 s. */
    public static final Duration DEFAULT_RESET_DELAY = Duration.ofSeconds(5);

    /**
     * What becomes of text messages with content (F2). An empty one is a half-close or nothing, in either mode (F9).
     */
    public enum TextMode {
        /** They are thrown away, as sing-box does. */
        DISCARD,
        /** They are data, as with Xray and v2ray. */
        DATA;

        /**
         * Returns the mode of a name, {@code discard} or {@code data}.
         *
         * @throws IllegalArgumentException for any other
         */
        public static TextMode parse(String name) {
            return switch (name) {
                case "discard" -> DISCARD;
                case "data" -> DATA;
                default ->
                    throw new IllegalArgumentException("text: expected discard or data, got " + Printable.quoted(name));
            };
        }

        /** Returns the name. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Where early data travels. */
    public enum EarlyDataMode {
        /** The request carries none. */
        NONE,
        /** Appended to the path of the request. */
        PATH,
        /** The value of a request header. */
        HEADER
    }

    private final String path;
    private final Map<String, List<String>> headers;
    private final int maxEarlyData;
    private final String earlyDataHeaderName;
    private final Duration handshakeTimeout;
    private final Duration pingInterval;
    private final Duration pongTimeout;
    private final Duration closeTimeout;
    private final Duration closeWriteTimeout;
    private final TextMode text;
    private final boolean halfClose;
    private final Duration halfCloseLinger;
    private final Duration resetDelay;
    private final Duration serverFirstWait;
    private final boolean serverFirstLearning;

    private WebSocketTransportOptions(Builder builder) {
        path = builder.path;
        Map<String, List<String>> copy = new LinkedHashMap<>();
        builder.headers.forEach((name, values) -> copy.put(name, List.copyOf(values)));
        headers = Collections.unmodifiableMap(copy);
        maxEarlyData = builder.maxEarlyData;
        earlyDataHeaderName = builder.earlyDataHeaderName;
        handshakeTimeout = builder.handshakeTimeout;
        pingInterval = builder.pingInterval;
        pongTimeout = builder.pongTimeout;
        closeTimeout = builder.closeTimeout;
        closeWriteTimeout = builder.closeWriteTimeout;
        text = builder.text;
        halfClose = builder.halfClose;
        halfCloseLinger = builder.halfCloseLinger;
        resetDelay = builder.resetDelay;
        serverFirstWait = builder.serverFirstWait;
        serverFirstLearning = builder.serverFirstLearning;
    }

    /** Returns a builder with every option at its default. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns the options with every value at its default: path {@code /}, no early data. */
    public static WebSocketTransportOptions defaults() {
        return builder().build();
    }

    /** Returns a builder that starts from these options. */
    public Builder toBuilder() {
        return new Builder(this);
    }

    /**
     * The path of the tunnel as it stands in the request line: always starts with {@code /}, characters that may not
     * appear in a request line are percent-encoded (UTF-8), an own query is kept as written. Default {@code /}.
     */
    public String path() {
        return path;
    }

    /**
     * A client sends these with the upgrade request, a server with the 101 response. Names keep their case, values
     * their order. Default none.
     */
    public Map<String, List<String>> headers() {
        return headers;
    }

    /**
     * Bytes of the stream that a client may put into the upgrade request, 0 to 2^31-1; 0 (the default) sends none.
     * Servers in front of the tunnel limit the request: 2,048 passes everywhere.
     */
    public int maxEarlyData() {
        return maxEarlyData;
    }

    /** The request header that carries early data; empty (the default) appends it to the path. */
    public String earlyDataHeaderName() {
        return earlyDataHeaderName;
    }

    /** TCP connect, TLS and upgrade together may take this long. Default 15 s. */
    public Duration handshakeTimeout() {
        return handshakeTimeout;
    }

    /** A WebSocket ping is sent when nothing else was sent for this long; zero switches keepalive off. Default 20 s. */
    public Duration pingInterval() {
        return pingInterval;
    }

    /**
     * A link is dead when for {@code pingInterval + pongTimeout} nothing was received and no write was stuck or made
     * progress; a slow peer has longer, see F10 of the wire contract. Default 20 s.
     */
    public Duration pongTimeout() {
        return pongTimeout;
    }

    /** How long a closing stream waits for the peer's Close frame before it cuts. Default 5 s. */
    public Duration closeTimeout() {
        return closeTimeout;
    }

    /** How long a closing stream waits for what was written before to go out. Default 15 s. */
    public Duration closeWriteTimeout() {
        return closeWriteTimeout;
    }

    /** What becomes of text messages with content. Default {@link TextMode#DISCARD}. */
    public TextMode text() {
        return text;
    }

    /** Whether this end offers and accepts half-close (a v2ws extension every other peer ignores). Default true. */
    public boolean halfClose() {
        return halfClose;
    }

    /**
     * Where the peer knows no half-close: a relay whose one direction has ended goes on until the other had no traffic
     * for this long. Default 5 s.
     */
    public Duration halfCloseLinger() {
        return halfCloseLinger;
    }

    /**
     * How long a relay holds the reset of its TCP side back at most, so that what was written before still gets there;
     * see {@code io.v2ws.tcp.TcpStream}. Default 5 s.
     */
    public Duration resetDelay() {
        return resetDelay;
    }

    /**
     * A client with early data upgrades without any when nothing was written for this long, so that protocols in which
     * the server speaks first work; zero waits for the first write for ever. Default zero; forwarders use {@link
     * #DEFAULT_FORWARDER_SERVER_FIRST_WAIT}.
     */
    public Duration serverFirstWait() {
        return serverFirstWait;
    }

    /**
     * Whether a forwarder or a socket factory learns from its tunnels that the server speaks first, and then upgrades
     * at once instead of after {@link #serverFirstWait}. Default true.
     */
    public boolean serverFirstLearning() {
        return serverFirstLearning;
    }

    /**
     * Returns where early data travels, as the reference decides it: a header name alone switches header mode on, even
     * with {@code maxEarlyData} 0 (such a client sends none, such a server accepts it).
     */
    public EarlyDataMode earlyDataMode() {
        if (!earlyDataHeaderName.isEmpty()) {
            return EarlyDataMode.HEADER;
        }
        return maxEarlyData > 0 ? EarlyDataMode.PATH : EarlyDataMode.NONE;
    }

    /** Whether early data travels in {@code Sec-WebSocket-Protocol}. */
    public boolean isEarlyDataInSubprotocol() {
        return SEC_WEBSOCKET_PROTOCOL.equalsIgnoreCase(earlyDataHeaderName);
    }

    private List<Object> values() {
        return List.of(
                path,
                headers,
                maxEarlyData,
                earlyDataHeaderName,
                handshakeTimeout,
                pingInterval,
                pongTimeout,
                closeTimeout,
                closeWriteTimeout,
                text,
                halfClose,
                halfCloseLinger,
                resetDelay,
                serverFirstWait,
                serverFirstLearning);
    }

    /** Whether the other options have the same values, and the same headers in whatever order. */
    @Override
    public boolean equals(Object other) {
        return other instanceof WebSocketTransportOptions options && values().equals(options.values());
    }

    @Override
    public int hashCode() {
        return values().hashCode();
    }

    /** Lists all values; for tests and logs. */
    @Override
    public String toString() {
        return "WebSocketTransportOptions" + values();
    }

    /**
     * Sets options one by one, checking each; every setter throws {@link IllegalArgumentException} naming its option.
     */
    public static final class Builder {
        private String path = "/";
        private final Map<String, List<String>> headers = new LinkedHashMap<>();
        private int maxEarlyData;
        private String earlyDataHeaderName = "";
        private Duration handshakeTimeout = Duration.ofSeconds(15);
        private Duration pingInterval = Duration.ofSeconds(20);
        private Duration pongTimeout = Duration.ofSeconds(20);
        private Duration closeTimeout = Duration.ofSeconds(5);
        private Duration closeWriteTimeout = Duration.ofSeconds(15);
        private TextMode text = TextMode.DISCARD;
        private boolean halfClose = true;
        private Duration halfCloseLinger = Duration.ofSeconds(5);
        private Duration resetDelay = DEFAULT_RESET_DELAY;
        private Duration serverFirstWait = Duration.ZERO;
        private boolean serverFirstLearning = true;

        private Builder() {}

        private Builder(WebSocketTransportOptions options) {
            path = options.path;
            headers.putAll(options.headers);
            maxEarlyData = options.maxEarlyData;
            earlyDataHeaderName = options.earlyDataHeaderName;
            handshakeTimeout = options.handshakeTimeout;
            pingInterval = options.pingInterval;
            pongTimeout = options.pongTimeout;
            closeTimeout = options.closeTimeout;
            closeWriteTimeout = options.closeWriteTimeout;
            text = options.text;
            halfClose = options.halfClose;
            halfCloseLinger = options.halfCloseLinger;
            resetDelay = options.resetDelay;
            serverFirstWait = options.serverFirstWait;
            serverFirstLearning = options.serverFirstLearning;
        }

        /**
         * Sets the path; a leading {@code /} is added, empty means {@code /}.
         *
         * @throws IllegalArgumentException if it holds a fragment ({@code #}), which never reaches a server
         */
        public Builder path(String path) {
            if (path.indexOf('#') >= 0) {
                throw new IllegalArgumentException(
                        "path: a fragment ('#') never reaches a server: " + Printable.shortened(path));
            }
            this.path = RequestTarget.encode(path.startsWith("/") ? path : "/" + path);
            return this;
        }

        /**
         * Sets the values of one header, replacing those it had.
         *
         * @throws IllegalArgumentException if the name is no token (RFC 9110, 5.6.2) or a value holds CR, LF, NUL or
         *     another control character
         */
        public Builder header(String name, List<String> values) {
            OptionChecks.requireToken("headers", name);
            for (String value : values) {
                if (!value.chars().allMatch(c -> c == '\t' || (c >= ' ' && c != 127))) {
                    throw new IllegalArgumentException("headers: the value of " + name + " holds a control character");
                }
            }
            headers.keySet().removeIf(name::equalsIgnoreCase);
            headers.put(name, new ArrayList<>(values));
            return this;
        }

        /** Sets one header to one value, see {@link #header(String, List)}. */
        public Builder header(String name, String value) {
            return header(name, List.of(value));
        }

        /** Replaces all headers, see {@link #header(String, List)}. */
        public Builder headers(Map<String, List<String>> headers) {
            this.headers.clear();
            headers.forEach(this::header);
            return this;
        }

        /** Sets the most bytes of early data, 0 (none) to 2^31-1. */
        public Builder maxEarlyData(int bytes) {
            if (bytes < 0) {
                throw new IllegalArgumentException("maxEarlyData: expected 0 or more bytes, got " + bytes);
            }
            this.maxEarlyData = bytes;
            return this;
        }

        /** Sets the header that carries early data; empty appends it to the path. */
        public Builder earlyDataHeaderName(String name) {
            if (!name.isEmpty()) {
                OptionChecks.requireToken("earlyDataHeaderName", name);
            }
            this.earlyDataHeaderName = name;
            return this;
        }

        /** Sets the bound of connect + TLS + upgrade, more than zero. */
        public Builder handshakeTimeout(Duration timeout) {
            this.handshakeTimeout = OptionChecks.requirePositive("handshakeTimeout", timeout);
            return this;
        }

        /**
         * Sets the time without a sent frame after which a ping goes out; zero switches keepalive off. A stream that
         * nobody reads takes nothing from the network, so it does not answer the peer's pings either: without pings of
         * its own the peer may then take it for dead (code 1006).
         */
        public Builder pingInterval(Duration interval) {
            this.pingInterval = OptionChecks.requireNotNegative("pingInterval", interval);
            return this;
        }

        /** Sets the time after a due ping in which a live peer must show itself, more than zero. */
        public Builder pongTimeout(Duration timeout) {
            this.pongTimeout = OptionChecks.requirePositive("pongTimeout", timeout);
            return this;
        }

        /** Sets the wait for the peer's Close frame, more than zero. */
        public Builder closeTimeout(Duration timeout) {
            this.closeTimeout = OptionChecks.requirePositive("closeTimeout", timeout);
            return this;
        }

        /** Sets the wait of a closing stream for its last writes, more than zero. */
        public Builder closeWriteTimeout(Duration timeout) {
            this.closeWriteTimeout = OptionChecks.requirePositive("closeWriteTimeout", timeout);
            return this;
        }

        /** Sets what becomes of text messages with content. */
        public Builder text(TextMode mode) {
            this.text = Objects.requireNonNull(mode, "text");
            return this;
        }

        /** Switches half-close on or off. */
        public Builder halfClose(boolean halfClose) {
            this.halfClose = halfClose;
            return this;
        }

        /** Sets the linger of a relay after one direction ended, zero or more. */
        public Builder halfCloseLinger(Duration linger) {
            this.halfCloseLinger = OptionChecks.requireNotNegative("halfCloseLinger", linger);
            return this;
        }

        /** Sets how long the reset of a relay's TCP side is held back, zero or more; zero resets at once. */
        public Builder resetDelay(Duration delay) {
            this.resetDelay = OptionChecks.requireNotNegative("resetDelay", delay);
            return this;
        }

        /** Sets the wait for the first write before the upgrade goes out without early data; zero waits for ever. */
        public Builder serverFirstWait(Duration wait) {
            this.serverFirstWait = OptionChecks.requireNotNegative("serverFirstWait", wait);
            return this;
        }

        /** Sets whether forwarders and socket factories learn that the server speaks first. Default true. */
        public Builder serverFirstLearning(boolean learning) {
            this.serverFirstLearning = learning;
            return this;
        }

        /** Returns the options. */
        public WebSocketTransportOptions build() {
            return new WebSocketTransportOptions(this);
        }
    }
}
