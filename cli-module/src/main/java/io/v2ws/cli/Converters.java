package io.v2ws.cli;

import io.v2ws.HostAndPort;
import io.v2ws.WebSocketEngine;
import io.v2ws.config.Dialect;
import io.v2ws.internal.net.DurationText;
import io.v2ws.internal.net.Printable;
import io.v2ws.tcp.TcpKeepAlive;
import java.time.Duration;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Converters for values on the command line. */
final class Converters {
    private static final String UNITS = "KMGT";

    private Converters() {}

    static void register(CommandLine commandLine) {
        commandLine.registerConverter(Duration.class, saying(DurationText::parse));
        commandLine.registerConverter(HostAndPort.class, saying(HostAndPort::parse));
        commandLine.registerConverter(TcpKeepAlive.class, saying(TcpKeepAlive::parse));
        commandLine.registerConverter(Dialect.class, saying(Dialect::parse));
        commandLine.registerConverter(ByteSize.class, saying(ByteSize::parse));
        commandLine.registerConverter(WebSocketEngine.class, saying(Converters::engine));
    }

    private static WebSocketEngine engine(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "direct" -> WebSocketEngine.DIRECT;
            case "jetty" -> WebSocketEngine.JETTY;
            default -> throw new IllegalArgumentException("expected direct or jetty, got " + Printable.quoted(text));
        };
    }

    /** Makes picocli show the message of the parser. */
    private static <T> ITypeConverter<T> saying(ITypeConverter<T> parser) {
        return text -> {
            try {
                return parser.convert(text);
            } catch (IllegalArgumentException x) {
                throw new TypeConversionException(x.getMessage());
            }
        };
    }

    /** A number of bytes, as written {@code 64K}, {@code 1M}, {@code 1G}: powers of 1,024. */
    record ByteSize(long bytes) {
        static ByteSize parse(String text) {
            String upper = text.toUpperCase(Locale.ROOT);
            int unit = upper.isEmpty() ? -1 : UNITS.indexOf(upper.charAt(upper.length() - 1));
            String digits = unit < 0 ? upper : upper.substring(0, upper.length() - 1);
            if (digits.isEmpty() || digits.length() > 15 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
                throw unexpected(text);
            }
            long factor = 1L << (10 * (unit + 1));
            long number = Long.parseLong(digits);
            if (number == 0 || number > (1L << 50) / factor) {
                throw unexpected(text);
            }
            return new ByteSize(number * factor);
        }

        private static IllegalArgumentException unexpected(String text) {
            return new IllegalArgumentException(
                    "expected a size such as 64K, 1M or 1G, from 1 byte to 1024T, got \"" + text + "\"");
        }

        /** Returns the form that was read, in the largest unit that divides it. */
        @Override
        public String toString() {
            long rest = bytes;
            int unit = -1;
            while (unit + 1 < UNITS.length() && rest % 1024 == 0) {
                rest /= 1024;
                unit++;
            }
            return unit < 0 ? rest + " B" : rest + " " + UNITS.charAt(unit) + "iB";
        }
    }
}
