package io.v2ws.config;

import io.v2ws.internal.net.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * The parameter {@code ed=N} in the query of a path, by which Xray and mihomo ask for early data in
 * {@code Sec-WebSocket-Protocol}. The rest of the query keeps its order and its bytes.
 *
 * @param path without the parameter
 * @param bytes N; empty where the path has no such parameter
 */
record EarlyDataQuery(String path, OptionalInt bytes) {
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,10}");

    /** Xray decodes names before it compares them. */
    private static final Pattern NAME = Pattern.compile("(e|%65)(d|%64)");

    /**
     * Takes the parameter out of a path. Where it comes more than once, the first counts and all go; where it has no
     * value, it is none.
     *
     * @throws IllegalArgumentException if its value is no number from 0 to 2^31-1
     */
    static EarlyDataQuery take(String path) {
        int query = path.indexOf('?');
        if (query < 0) {
            return new EarlyDataQuery(path, OptionalInt.empty());
        }
        String value = null;
        List<String> rest = new ArrayList<>();
        for (String piece : path.substring(query + 1).split("&", -1)) {
            int equals = piece.indexOf('=');
            if (!NAME.matcher(equals < 0 ? piece : piece.substring(0, equals)).matches()) {
                rest.add(piece);
            } else if (value == null) {
                value = equals < 0 ? "" : piece.substring(equals + 1);
            }
        }
        if (value == null || value.isEmpty()) {
            return new EarlyDataQuery(path, OptionalInt.empty());
        }
        String without = path.substring(0, query) + (rest.isEmpty() ? "" : "?" + String.join("&", rest));
        return new EarlyDataQuery(without, OptionalInt.of(number(value)));
    }

    /** Whether a path has such a parameter, with a number or with something else. */
    static boolean isIn(String path) {
        try {
            return take(path).bytes().isPresent();
        } catch (IllegalArgumentException notANumber) {
            return true;
        }
    }

    /** Returns a path with the parameter at the end of its query. */
    static String put(String path, int bytes) {
        return path + (path.indexOf('?') < 0 ? "?" : "&") + "ed=" + bytes;
    }

    private static int number(String text) {
        long number = NUMBER.matcher(text).matches() ? Long.parseLong(text) : -1;
        if (number < 0 || number > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "expected ?ed=N with N from 0 to 2147483647, got " + Printable.quoted("ed=" + text));
        }
        return (int) number;
    }
}
