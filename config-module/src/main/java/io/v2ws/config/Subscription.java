package io.v2ws.config;

import io.v2ws.EarlyData;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/** What providers send as a subscription: many share links, one on each line, as a whole in base64. */
final class Subscription {
    /** In both alphabets, which some wrap after 76 characters. */
    private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9+/_-]{16,}={0,2}");

    private Subscription() {}

    /** Returns the links of a subscription; empty if the text is none. */
    static Optional<String> links(String text) {
        String base64 = text.replaceAll("\\s+", "");
        if (!BASE64.matcher(base64).matches()) {
            return Optional.empty();
        }
        try {
            String links = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(EarlyData.decode(base64)))
                    .toString();
            return Optional.of(links).filter(decoded -> ConfigSource.scheme(decoded.strip()) != null);
        } catch (IllegalArgumentException | CharacterCodingException noSubscription) {
            return Optional.empty();
        }
    }
}
