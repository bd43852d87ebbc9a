package io.v2ws.internal.net;

import java.util.regex.Pattern;

/**
 * A block of addresses of proxies, and where they say who their client is.
 *
 * @param block the addresses
 * @param header the header that these proxies set to the address of their client, such as {@code X-Real-IP}; null for
 *     {@code Forwarded} and {@code X-Forwarded-For}
 */
public record TrustedProxy(CidrBlock block, String header) {
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");

    /**
     * Reads {@code BLOCK} or {@code BLOCK=HEADER}.
     *
     * @throws IllegalArgumentException saying what was expected and what came
     */
    public static TrustedProxy parse(String text) {
        int equals = text.indexOf('=');
        if (equals < 0) {
            return new TrustedProxy(CidrBlock.parse(text), null);
        }
        String header = text.substring(equals + 1);
        if (!TOKEN.matcher(header).matches()) {
            throw new IllegalArgumentException("expected the name of a header behind the =, such as"
                    + " \"10.0.0.0/8=X-Real-IP\", got " + Printable.quoted(text));
        }
        boolean standard = header.equalsIgnoreCase("Forwarded") || header.equalsIgnoreCase("X-Forwarded-For");
        return new TrustedProxy(CidrBlock.parse(text.substring(0, equals)), standard ? null : header);
    }

    /** Returns the form {@link #parse} reads. */
    @Override
    public String toString() {
        return header == null ? block.toString() : block + "=" + header;
    }
}
