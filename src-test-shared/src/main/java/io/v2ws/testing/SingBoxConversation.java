package io.v2ws.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * A short conversation through sing-box's WebSocket transport, byte by byte as it went over TCP; path {@code /tunnel},
 * VLESS inside. The client's bytes were caught in front of a server of ours, the server's behind a client of ours. The
 * system tests compare them with what sing-box sends today, and write them with {@code -Dv2ws.capture=true}.
 */
public enum SingBoxConversation {
    /** Without early data. */
    NONE(0, ""),
    /** With up to 2,048 bytes of early data in the path. */
    PATH(2048, ""),
    /** With up to 2,048 bytes of early data in {@code Sec-WebSocket-Protocol}. */
    HEADER(2048, "Sec-WebSocket-Protocol");

    private static final String HEAD_END = "\r\n\r\n";

    private final int maxEarlyData;
    private final String earlyDataHeaderName;

    /** What a conversation consists of. */
    public enum Part {
        /** The client's request, its frames and its Close, as they went over TCP. */
        CLIENT,
        /** The bytes of the stream inside {@link #CLIENT}. */
        CLIENT_STREAM,
        /** The server's answer, its frames and its Close, as they went over TCP. */
        SERVER,
        /** The bytes of the stream inside {@link #SERVER}. */
        SERVER_STREAM;

        private String suffix() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-') + ".bin";
        }
    }

    SingBoxConversation(int maxEarlyData, String earlyDataHeaderName) {
        this.maxEarlyData = maxEarlyData;
        this.earlyDataHeaderName = earlyDataHeaderName;
    }

    /** Returns how many bytes of early data were allowed. */
    public int maxEarlyData() {
        return maxEarlyData;
    }

    /** Returns the header they travelled in; empty for the path. */
    public String earlyDataHeaderName() {
        return earlyDataHeaderName;
    }

    /** Returns the name of the resource, beside this class, that holds a part. */
    public String resource(Part part) {
        return "sing-box/" + name().toLowerCase(Locale.ROOT) + "-" + part.suffix();
    }

    /** Returns all bytes of a part. */
    public byte[] bytes(Part part) {
        try (InputStream in = SingBoxConversation.class.getResourceAsStream(resource(part))) {
            if (in == null) {
                throw new IllegalStateException("no resource " + resource(part));
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Returns the text of the HTTP head at the beginning of the client's or the server's bytes, empty line included.
     */
    public static String head(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        int end = text.indexOf(HEAD_END);
        if (end < 0) {
            throw new IllegalArgumentException("no HTTP head");
        }
        return text.substring(0, end + HEAD_END.length());
    }
}
