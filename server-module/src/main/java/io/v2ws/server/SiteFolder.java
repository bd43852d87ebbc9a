package io.v2ws.server;

import io.v2ws.internal.net.Printable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Finds the files of a folder by the raw paths of requests (S20). Immutable. */
final class SiteFolder {
    /** The folder of RFC 8615, for certificate authorities among others. All other names with a dot in front are hidden. */
    private static final String WELL_KNOWN = ".well-known";

    /** Without symbolic links. */
    private final Path root;

    /**
     * Makes one.
     *
     * @throws IllegalArgumentException if this is no folder that can be read
     */
    SiteFolder(Path folder) {
        try {
            root = folder.toRealPath();
        } catch (IOException x) {
            throw noFolder(folder, x);
        }
        if (!Files.isDirectory(root) || !Files.isReadable(root)) {
            throw noFolder(folder, null);
        }
    }

    private static IllegalArgumentException noFolder(Path folder, IOException cause) {
        return new IllegalArgumentException(
                "site: expected a folder that can be read, got " + Printable.quoted(folder.toString()), cause);
    }

    /**
     * Returns the file or folder at a path, without symbolic links.
     *
     * @param rawPath the undecoded path of a request, below the context path
     * @return null if there is none, or none that strangers may see
     */
    Path find(String rawPath) {
        if (!rawPath.startsWith("/")) {
            return null;
        }
        try {
            Path found = root;
            String[] segments = rawPath.substring(1).split("/", -1);
            for (int i = 0; i < segments.length; i++) {
                if (segments[i].isEmpty() && i == segments.length - 1) {
                    break;
                }
                String name = decoded(segments[i]);
                if (!isName(name)) {
                    return null;
                }
                found = found.resolve(name);
            }
            Path real = found.toRealPath();
            return real.startsWith(root) && !isHidden(root.relativize(real)) ? real : null;
        } catch (IOException | InvalidPathException none) {
            return null;
        }
    }

    /** A name may not lead to another folder once it is decoded. */
    private static boolean isName(String name) {
        return !name.isEmpty()
                && name.indexOf('/') < 0
                && name.indexOf('\\') < 0
                && !name.equals(".")
                && !name.equals("..");
    }

    /** Such as {@code .git/config} and {@code .env}. The names are those behind symbolic links. */
    private static boolean isHidden(Path relative) {
        for (int i = 0; i < relative.getNameCount(); i++) {
            String name = relative.getName(i).toString();
            if (name.startsWith(".") && !(i == 0 && name.equals(WELL_KNOWN))) {
                return true;
            }
        }
        return false;
    }

    /**
     * Decodes percent-encoded UTF-8.
     *
     * @throws CharacterCodingException if it is none
     */
    private static String decoded(String segment) throws CharacterCodingException {
        byte[] raw = segment.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(raw.length);
        for (int i = 0; i < raw.length; i++) {
            if (raw[i] != '%') {
                bytes.put(raw[i]);
                continue;
            }
            int high = i + 2 < raw.length ? Character.digit(raw[i + 1], 16) : -1;
            int low = i + 2 < raw.length ? Character.digit(raw[i + 2], 16) : -1;
            if (high < 0 || low < 0) {
                throw new CharacterCodingException();
            }
            bytes.put((byte) (high << 4 | low));
            i += 2;
        }
        return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
    }
}
