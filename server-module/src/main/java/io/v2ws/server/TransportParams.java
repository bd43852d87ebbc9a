package io.v2ws.server;

import io.v2ws.WebSocketTransportOptions;
import io.v2ws.WebSocketTransportOptions.TextMode;
import io.v2ws.internal.net.DurationText;
import io.v2ws.internal.net.HeaderLine;
import io.v2ws.server.ParamSources.Param;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * The keys of the transport in the configuration of a {@link WebSocketUpgradeFilter}. Their names are those of
 * sing-box's transport object and of the command line's configuration.
 *
 * <table>
 * <caption>Keys</caption>
 * <tr><th>key</th><th>value</th></tr>
 * <tr><td>path, max_early_data, early_data_header_name</td><td>as in sing-box</td></tr>
 * <tr><td>headers</td><td>for the 101 response, one {@code Name: value} per line</td></tr>
 * <tr><td>ping_interval, pong_timeout, close_timeout, close_write_timeout, half_close_linger, reset_delay</td>
 *     <td>a duration such as {@code 20s}</td></tr>
 * <tr><td>text</td><td>{@code discard} or {@code data}: what becomes of text messages</td></tr>
 * <tr><td>half_close</td><td>{@code true} or {@code false}</td></tr>
 * </table>
 */
final class TransportParams {
    private static final Map<String, BiConsumer<WebSocketTransportOptions.Builder, String>> SETTERS =
            new LinkedHashMap<>();

    static {
        SETTERS.put("path", WebSocketTransportOptions.Builder::path);
        SETTERS.put(
                "max_early_data",
                (builder, value) -> builder.maxEarlyData(ParamText.wholeNumber(value, 0, Integer.MAX_VALUE)));
        SETTERS.put("early_data_header_name", WebSocketTransportOptions.Builder::earlyDataHeaderName);
        SETTERS.put("headers", (builder, value) -> builder.headers(HeaderLine.parseAll(List.of(value.split("\n")))));
        SETTERS.put("ping_interval", (builder, value) -> builder.pingInterval(DurationText.parse(value)));
        SETTERS.put("pong_timeout", (builder, value) -> builder.pongTimeout(DurationText.parse(value)));
        SETTERS.put("close_timeout", (builder, value) -> builder.closeTimeout(DurationText.parse(value)));
        SETTERS.put("close_write_timeout", (builder, value) -> builder.closeWriteTimeout(DurationText.parse(value)));
        SETTERS.put("text", (builder, value) -> builder.text(TextMode.parse(value)));
        SETTERS.put("half_close", (builder, value) -> builder.halfClose(ParamText.bool(value)));
        SETTERS.put("half_close_linger", (builder, value) -> builder.halfCloseLinger(DurationText.parse(value)));
        SETTERS.put("reset_delay", (builder, value) -> builder.resetDelay(DurationText.parse(value)));
    }

    private TransportParams() {}

    static Collection<String> names() {
        return SETTERS.keySet();
    }

    /** Returns options in which the values that are there take the place of those before. */
    static WebSocketTransportOptions apply(
            WebSocketTransportOptions options, Function<String, Optional<Param>> params) {
        WebSocketTransportOptions.Builder builder = options.toBuilder();
        SETTERS.forEach((key, setter) -> params.apply(key)
                .ifPresent(param -> ParamText.read(param, text -> {
                    setter.accept(builder, text);
                    return text;
                })));
        return builder.build();
    }
}
