package io.v2ws.internal.net;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as sing-box writes them: Go's syntax ({@code 1m30s}, {@code 1.5h}) and {@code d} for days. */
public final class DurationText {
    /** Go's durations are nanoseconds in 64 bits, about 292 years. */
    private static final BigInteger MAX_NANOS = BigInteger.valueOf(Long.MAX_VALUE);

    private static final int MAX_LENGTH = 100;
    private static final Pattern PART = Pattern.compile("([0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)([^0-9.]*)");

    /** Nanoseconds of each unit, largest first. */
    private static final Map<String, Long> UNITS = new LinkedHashMap<>();

    static {
        UNITS.put("d", Duration.ofDays(1).toNanos());
        UNITS.put("h", Duration.ofHours(1).toNanos());
        UNITS.put("m", Duration.ofMinutes(1).toNanos());
        UNITS.put("s", Duration.ofSeconds(1).toNanos());
        UNITS.put("ms", 1_000_000L);
        UNITS.put("us", 1_000L);
        UNITS.put("ns", 1L);
    }

    private DurationText() {}

    /**
     * Returns the duration; what is finer than a nanosecond is dropped, as in Go.
     *
     * @throws IllegalArgumentException saying what was expected and what came
     */
    public static Duration parse(String text) {
        String unsigned = text.startsWith("-") || text.startsWith("+") ? text.substring(1) : text;
        if (unsigned.equals("0")) {
            return Duration.ZERO;
        }
        if (unsigned.isEmpty() || unsigned.length() > MAX_LENGTH) {
            throw unexpected("a duration such as \"5s\"", text);
        }
        BigInteger nanos = BigInteger.ZERO;
        int end = 0;
        for (Matcher part = PART.matcher(unsigned); end < unsigned.length(); end = part.end()) {
            if (!part.find(end) || part.start() != end) {
                throw unexpected("a duration such as \"5s\" or \"1m30s\"", text);
            }
            nanos = nanos.add(nanosOf(part.group(1), part.group(2), text));
        }
        if (nanos.compareTo(MAX_NANOS) > 0) {
            throw unexpected("a duration of at most 292 years", text);
        }
        Duration duration = Duration.ofNanos(nanos.longValueExact());
        return text.startsWith("-") ? duration.negated() : duration;
    }

    /**
     * Returns the text that {@link #parse} reads as this duration, days written as hours: Go itself knows no days.
     *
     * @throws IllegalArgumentException if it is negative or longer than 292 years
     */
    public static String format(Duration duration) {
        if (duration.isNegative() || duration.compareTo(Duration.ofNanos(Long.MAX_VALUE)) > 0) {
            throw unexpected("a duration of zero to 292 years", duration.toString());
        }
        long rest = duration.toNanos();
        StringBuilder out = new StringBuilder();
        for (Map.Entry<String, Long> unit : UNITS.entrySet()) {
            long count = rest / unit.getValue();
            if (count > 0 && !unit.getKey().equals("d")) {
                out.append(count).append(unit.getKey());
                rest %= unit.getValue();
            }
        }
        return out.isEmpty() ? "0s" : out.toString();
    }

    private static BigInteger nanosOf(String number, String unit, String text) {
        if (unit.isEmpty()) {
            throw unexpected("a unit (d, h, m, s, ms, us, ns) behind each number, such as \"" + number + "s\"", text);
        }
        // Go takes both characters that look like the Greek letter: the micro sign and the letter itself.
        Long nanos = UNITS.get(unit.replace('\u00b5', 'u').replace('\u03bc', 'u'));
        if (nanos == null) {
            throw unexpected("one of the units d, h, m, s, ms, us, ns", text);
        }
        return new BigDecimal(number).multiply(BigDecimal.valueOf(nanos)).toBigInteger();
    }

    private static IllegalArgumentException unexpected(String what, String text) {
        return new IllegalArgumentException("expected " + what + ", got " + Printable.quoted(text));
    }
}
