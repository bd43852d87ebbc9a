package io.v2ws.config;

import java.util.List;
import java.util.Locale;

/** The rules of TLS options, for files and for the command line. */
public final class TlsRules {
    /**
     * The keys of a forwarder's file that need TLS. The options of the command line have the same names, with hyphens.
     */
    public static final List<String> CLIENT_KEYS = List.of(
            "tls_ca",
            "tls_extra_ca",
            "tls_password_file",
            "tls_cert",
            "tls_key",
            "server_name",
            "insecure_skip_verify",
            "tls_pin",
            "tls_verify_name");

    /** What is wrong with an option that needs TLS, beside a URL without TLS. */
    public static final String NO_TLS = "expected a wss:// URL beside it, got ws://, which has no TLS";

    private TlsRules() {}

    /**
     * Checks that a certificate comes with its key, and a key with its certificate.
     *
     * @param certificateName the name of the option, for the message
     * @param certificate null if not given
     * @param keyName the name of the option, for the message
     * @param key null if not given
     * @throws IllegalArgumentException if exactly one is given
     */
    public static void requireBothHalves(String certificateName, Object certificate, String keyName, Object key) {
        if (certificate != null && key == null) {
            throw new IllegalArgumentException(
                    "expected " + keyName + " beside " + certificateName + ", got a certificate without its key");
        }
        if (certificate == null && key != null) {
            throw new IllegalArgumentException(
                    "expected " + certificateName + " beside " + keyName + ", got a key without its certificate");
        }
    }

    /** Whether the name of a file is that of a PKCS #12 file, which has certificate and key. */
    public static boolean isKeyStore(String file) {
        String name = file.toLowerCase(Locale.ROOT);
        return name.endsWith(".p12") || name.endsWith(".pfx");
    }

    /** Whether a URL has TLS: its scheme is {@code wss}, in any case. */
    public static boolean hasTls(String url) {
        return url.regionMatches(true, 0, "wss:", 0, 4);
    }
}
