package io.v2ws.config;

import io.v2ws.internal.net.Printable;

/**
 * Something in a configuration file is not as expected. The message is complete and made for the user who wrote the
 * file, on one line: {@code FILE:LINE:COLUMN: key: what was expected, what came}.
 */
public final class ConfigException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int line;
    private final int column;
    private final String key;

    ConfigException(String file, String problem, Throwable cause) {
        super(Printable.escape(file) + ": " + problem, cause);
        this.line = 0;
        this.column = 0;
        this.key = "";
    }

    ConfigException(String file, Location at, String key, String problem, Throwable cause) {
        super(
                Printable.escape(file) + ':' + at.line() + ':' + at.column() + ": " + (key.isEmpty() ? "" : key + ": ")
                        + problem,
                cause);
        this.line = at.line();
        this.column = at.column();
        this.key = key;
    }

    /** Returns the line, counted from 1; 0 where the file as a whole is at fault (missing, too long). */
    public int line() {
        return line;
    }

    /**
     * Returns the column in UTF-16 units (YAML: code points), counted from 1; 0 where the file as a whole is at fault.
     */
    public int column() {
        return column;
    }

    /**
     * Returns the path of the key at fault, such as {@code tunnels[1].transport.max_early_data}; empty for the top
     * level and for errors of syntax.
     */
    public String key() {
        return key;
    }
}
