package io.v2ws.cli;

import io.v2ws.WebSocketEngine;
import io.v2ws.WebSocketTransportOptions;
import io.v2ws.WebSocketTransportOptions.TextMode;
import io.v2ws.config.ConfigException;
import io.v2ws.config.ConfigReading;
import io.v2ws.config.ConfigSource;
import io.v2ws.config.Dialects;
import io.v2ws.config.TunnelEnd;
import io.v2ws.internal.net.HeaderLine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The transport options of every command; null if not given, so that the file decides. */
final class TransportGroup {
    @Option(
            names = "--transport",
            paramLabel = "FILE|LINK",
            description =
                    "Take the transport from a file of sing-box, Xray, v2ray, Clash or mihomo, or from a share link"
                            + " (vless, trojan, vmess); - reads standard input. What is given here wins. Default:"
                            + " none.")
    private String source;

    @Option(
            names = "--tag",
            paramLabel = "NAME",
            description = "Which of the tunnels in --transport: the tag of an inbound or outbound, or the name of a"
                    + " proxy or link. Default: the only WebSocket there.")
    private String tag;

    @Option(
            names = "--max-early-data",
            paramLabel = "N",
            description = "Bytes of the stream that may travel in the upgrade request; 2048 passes everywhere."
                    + " Both ends need the same. Default: 0, none.")
    private Integer maxEarlyData;

    @Option(
            names = "--early-data-header-name",
            paramLabel = "NAME",
            description = "Header that carries early data, commonly Sec-WebSocket-Protocol. Both ends need the same."
                    + " Default: none, early data goes into the path.")
    private String earlyDataHeaderName;

    @Option(
            names = "--header",
            paramLabel = "'K: V'",
            description = "Header to send with the upgrade, or with its answer. May be repeated. Default: none.")
    private List<String> headers;

    @Option(
            names = "--ping-interval",
            paramLabel = "TIME",
            description = "Ping when nothing was sent for this long; 0 never. Default: 20s.")
    private Duration pingInterval;

    @Option(
            names = "--pong-timeout",
            paramLabel = "TIME",
            description = "Give a link up that stays silent this long beyond the ping interval. Default: 20s.")
    private Duration pongTimeout;

    @Option(
            names = "--close-timeout",
            paramLabel = "TIME",
            description = "Wait this long for the peer's Close. Default: 5s.")
    private Duration closeTimeout;

    @Option(
            names = "--close-write-timeout",
            paramLabel = "TIME",
            description = "Wait this long for the last bytes to go out before a Close. Default: 15s.")
    private Duration closeWriteTimeout;

    @Option(
            names = "--text",
            paramLabel = "discard|data",
            description = "What becomes of text messages: thrown away, as sing-box does, or taken as data, as Xray and"
                    + " v2ray do. Default: discard.")
    private TextMode text;

    @Option(
            names = "--no-half-close",
            description = "Do not offer half-close, which only v2ws understands. Default: offered.")
    private boolean noHalfClose;

    @Option(
            names = "--half-close-linger",
            paramLabel = "TIME",
            description = "Where the peer knows no half-close: once one direction has ended, end the tunnel when the"
                    + " other was silent for this long. Default: 5s.")
    private Duration halfCloseLinger;

    @Option(
            names = "--reset-delay",
            paramLabel = "TIME",
            description = "When a tunnel breaks, hold the reset of the TCP connection back for this long, so that what"
                    + " had arrived is delivered first. Default: 5s.")
    private Duration resetDelay;

    @Option(
            names = "--engine",
            paramLabel = "NAME",
            description = "What does the framing: direct, or jetty for Jetty's own WebSocket layer. Default: direct.")
    private WebSocketEngine engine = WebSocketEngine.DIRECT;

    /** Returns the engine that does the framing. */
    WebSocketEngine engine() {
        return engine;
    }

    /** Whether the user names a file or link. */
    boolean hasSource() {
        return source != null;
    }

    /** Refuses to read the transport from standard input, which the tunnel carries. */
    void rejectStandardInput() {
        if ("-".equals(source)) {
            throw new IllegalArgumentException("--transport: standard input is what the tunnel carries; name a file");
        }
    }

    /** Reads a link that was given as an argument. */
    ConfigReading readLink(String link) throws ConfigException {
        if (source != null) {
            throw new IllegalArgumentException("--transport and a link: which of the two is meant?");
        }
        return read(link, TunnelEnd.CLIENT);
    }

    /** Reads the tunnel that {@code --transport} and {@code --tag} name; empty if they are not given. */
    Optional<ConfigReading> read(TunnelEnd side) throws ConfigException {
        if (source == null) {
            if (tag != null) {
                throw new IllegalArgumentException("--tag needs --transport FILE");
            }
            return Optional.empty();
        }
        return Optional.of(read(source, side));
    }

    private ConfigReading read(String fileOrLink, TunnelEnd side) throws ConfigException {
        return Dialects.read(ConfigSource.of(fileOrLink, System.in), Optional.empty(), Optional.ofNullable(tag), side);
    }

    /** Returns the names of the given options that apply to a single tunnel. */
    List<String> givenForOneTunnel() {
        List<String> given = new ArrayList<>();
        if (maxEarlyData != null) {
            given.add("--max-early-data");
        }
        if (earlyDataHeaderName != null) {
            given.add("--early-data-header-name");
        }
        if (headers != null) {
            given.add("--header");
        }
        return given;
    }

    /**
     * Returns the options, replaced by those that were given.
     *
     * @throws IllegalArgumentException if a value is out of range, or one header is used twice
     */
    WebSocketTransportOptions applyTo(WebSocketTransportOptions base) {
        WebSocketTransportOptions.Builder builder = base.toBuilder();
        if (maxEarlyData != null) {
            builder.maxEarlyData(maxEarlyData);
        }
        if (earlyDataHeaderName != null) {
            builder.earlyDataHeaderName(earlyDataHeaderName);
        }
        parsedHeaders().forEach(builder::header);
        applyTimesTo(builder);
        if (text != null) {
            builder.text(text);
        }
        if (noHalfClose) {
            builder.halfClose(false);
        }
        WebSocketTransportOptions options = builder.build();
        if (options.maxEarlyData() > 0
                && options.headers().keySet().stream().anyMatch(options.earlyDataHeaderName()::equalsIgnoreCase)) {
            throw new IllegalArgumentException(
                    "headers: " + options.earlyDataHeaderName() + " carries early data, it cannot be set as well");
        }
        return options;
    }

    private void applyTimesTo(WebSocketTransportOptions.Builder builder) {
        if (pingInterval != null) {
            builder.pingInterval(pingInterval);
        }
        if (pongTimeout != null) {
            builder.pongTimeout(pongTimeout);
        }
        if (closeTimeout != null) {
            builder.closeTimeout(closeTimeout);
        }
        if (closeWriteTimeout != null) {
            builder.closeWriteTimeout(closeWriteTimeout);
        }
        if (halfCloseLinger != null) {
            builder.halfCloseLinger(halfCloseLinger);
        }
        if (resetDelay != null) {
            builder.resetDelay(resetDelay);
        }
    }

    private Map<String, List<String>> parsedHeaders() {
        try {
            return headers == null ? Map.of() : HeaderLine.parseAll(headers);
        } catch (IllegalArgumentException x) {
            throw new IllegalArgumentException("headers: " + x.getMessage(), x);
        }
    }
}
