package io.v2ws.config;

import java.util.Locale;

/** A way to write down a tunnel that some program reads. */
public enum Dialect {
    /** JSON of sing-box. */
    SING_BOX("sing-box"),
    /** JSON of Xray-core and v2ray-core. */
    XRAY("xray"),
    /** YAML of Clash and mihomo. */
    CLASH("clash"),
    /** A share link: {@code vless://}, {@code trojan://}, {@code vmess://}. */
    LINK("link");

    private final String label;

    Dialect(String label) {
        this.label = label;
    }

    /**
     * Returns the dialect of a name.
     *
     * @throws IllegalArgumentException if there is none of that name
     */
    public static Dialect parse(String name) {
        String wanted = name.toLowerCase(Locale.ROOT);
        for (Dialect dialect : values()) {
            if (dialect.label.equals(wanted)) {
                return dialect;
            }
        }
        throw new IllegalArgumentException("expected sing-box, xray, clash or link, got \"" + name + "\"");
    }

    /** Returns the name, as users write it. */
    @Override
    public String toString() {
        return label;
    }
}
