package io.v2ws;

import io.v2ws.internal.net.Printable;
import java.time.Duration;
import java.util.Locale;

/** Checks of option values; every failure names the option, what was expected and what came. */
final class OptionChecks {
    private OptionChecks() {}

    static void requireToken(String option, String name) {
        if (name.isEmpty() || !name.chars().allMatch(OptionChecks::isTokenCharacter)) {
            throw new IllegalArgumentException(option
                    + ": expected a header name (letters, digits, !#$%&'*+-.^_`|~), got " + Printable.quoted(name));
        }
    }

    private static boolean isTokenCharacter(int c) {
        return (c >= '0' && c <= '9')
                || (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
    }

    static Duration requirePositive(String option, Duration value) {
        if (value.isZero() || value.isNegative()) {
            throw new IllegalArgumentException(option + ": expected more than zero, got " + text(value));
        }
        return value;
    }

    static Duration requireNotNegative(String option, Duration value) {
        if (value.isNegative()) {
            throw new IllegalArgumentException(option + ": expected zero or more, got " + text(value));
        }
        return value;
    }

    private static String text(Duration value) {
        return value.toString().substring(2).toLowerCase(Locale.ROOT);
    }
}
