package io.v2ws.internal.tls;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What stands between BEGIN and END in a PEM file (RFC 7468).
 *
 * @param label the words behind BEGIN
 * @param encrypted whether it is a key in the traditional encrypted form; {@code der} is empty then
 * @param der the decoded content
 */
record PemBlock(String label, boolean encrypted, byte[] der) {
    /** No honest file comes near; a device that never ends must not fill the memory. */
    private static final int MAX_BYTES = 10_000_000;

    /** A byte order mark or other text before the dashes does no harm. */
    private static final Pattern BLOCK = Pattern.compile(".*-----BEGIN ([A-Z0-9 ]+)-----\\s*");

    /**
     * Reads the blocks of a file in their order, none if there is none.
     *
     * @throws IOException if the file cannot be read, is too long, or a block is damaged
     */
    static List<PemBlock> readAll(Path file) throws IOException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MAX_BYTES + 1);
        } catch (IOException e) {
            String reason = e instanceof NoSuchFileException ? "no such file" : e.getMessage();
            throw new IOException(file + ": expected a readable PEM file, got: " + reason, e);
        }
        if (bytes.length > MAX_BYTES) {
            throw new IOException(file + ": expected a PEM file of at most 10 MB, got more");
        }
        List<PemBlock> blocks = new ArrayList<>();
        Matcher block = BLOCK.matcher("");
        // PEM is ASCII; Latin-1 lets any text around the blocks pass.
        Iterator<String> lines =
                new String(bytes, StandardCharsets.ISO_8859_1).lines().iterator();
        while (lines.hasNext()) {
            if (block.reset(lines.next()).matches()) {
                blocks.add(block(file, block.group(1), lines));
            }
        }
        return blocks;
    }

    /** Reads up to the END line. */
    private static PemBlock block(Path file, String label, Iterator<String> lines) throws IOException {
        StringBuilder base64 = new StringBuilder();
        boolean encrypted = false;
        while (lines.hasNext()) {
            String line = lines.next().strip();
            if (line.startsWith("-----END " + label + "-----")) {
                // The cipher text of a traditional encrypted key is of no use to us.
                return new PemBlock(label, encrypted, encrypted ? new byte[0] : decode(file, label, base64.toString()));
            }
            encrypted |= line.startsWith("Proc-Type:") && line.contains("ENCRYPTED");
            base64.append(line);
        }
        throw new IOException(file + ": expected -----END " + label + "-----, got the end of the file");
    }

    private static byte[] decode(Path file, String label, String base64) throws IOException {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new IOException(file + ": expected Base64 inside " + label + ", got other characters", e);
        }
    }

    /** What the blocks are, for messages. */
    static String names(List<PemBlock> blocks) {
        return blocks.isEmpty()
                ? "no PEM block at all"
                : blocks.stream().map(PemBlock::label).distinct().collect(Collectors.joining(", "));
    }
}
