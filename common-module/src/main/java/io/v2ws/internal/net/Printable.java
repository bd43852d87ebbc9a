package io.v2ws.internal.net;

/** Text from outside, made safe for logs, messages and terminals. */
public final class Printable {
    private static final int LONGEST = 80;

    private Printable() {}

    /** Returns the text with control characters, and what reorders or breaks a line, as escapes like {@code \u001b}. */
    public static String escape(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            int type = Character.getType(c);
            // FORMAT holds the marks that reorder a line of text, and so could disguise it.
            if (type == Character.CONTROL
                    || type == Character.FORMAT
                    || type == Character.SURROGATE
                    || type == Character.LINE_SEPARATOR
                    || type == Character.PARAGRAPH_SEPARATOR) {
                out.append(String.format("\\u%04x", c));
            } else {
                out.appendCodePoint(c);
            }
        });
        return out.toString();
    }

    /** Returns the text escaped and cut after 80 characters. */
    public static String shortened(String text) {
        return escape(text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…");
    }

    /** Returns the text in quotes, escaped and cut after 80 characters. */
    public static String quoted(String text) {
        return '"' + shortened(text) + '"';
    }
}
