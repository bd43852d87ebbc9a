package io.v2ws.server;

import io.v2ws.internal.net.Printable;
import io.v2ws.server.ParamSources.Param;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Reads single values, and says what is wrong with one: key, place, value and what was expected. */
final class ParamText {
    /** The option's Java name, which begins the messages of setters. It would stand beside the key. */
    private static final Pattern OPTION_NAME = Pattern.compile("^[a-z][A-Za-z]*: ");

    private ParamText() {}

    /**
     * Returns what a reader makes of a value.
     *
     * @throws IllegalArgumentException if the reader throws one; its message is taken over
     */
    static <T> T read(Param param, Function<String, T> reader) {
        try {
            return reader.apply(param.text());
        } catch (IllegalArgumentException x) {
            String problem = Objects.requireNonNullElse(x.getMessage(), "expected another value");
            throw error(param, OPTION_NAME.matcher(problem).replaceFirst(""), x);
        }
    }

    /** Returns an exception that names key, place and value. */
    static IllegalArgumentException error(Param param, String problem, Throwable cause) {
        String value = Printable.quoted(param.text());
        String got = problem.contains(value) || problem.contains(", got ") ? "" : ", got " + value;
        return new IllegalArgumentException(
                param.key() + " (" + Printable.escape(param.where()) + "): " + problem + got, cause);
    }

    /** Returns the value in lower case, which is one of some words. */
    static String oneOf(Param param, String... words) {
        return read(param, text -> {
            String word = text.toLowerCase(Locale.ROOT);
            if (!List.of(words).contains(word)) {
                throw new IllegalArgumentException("expected " + String.join(" or ", words));
            }
            return word;
        });
    }

    static boolean bool(String text) {
        if (!text.equals("true") && !text.equals("false")) {
            throw new IllegalArgumentException("expected true or false");
        }
        return text.equals("true");
    }

    static int wholeNumber(String text, int min, int max) {
        String expected = "expected a whole number from " + min + " to " + max;
        try {
            int number = Integer.parseInt(text);
            if (number < min || number > max) {
                throw new IllegalArgumentException(expected);
            }
            return number;
        } catch (NumberFormatException x) {
            throw new IllegalArgumentException(expected, x);
        }
    }
}
