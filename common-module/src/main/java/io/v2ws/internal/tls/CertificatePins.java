package io.v2ws.internal.tls;

import io.v2ws.internal.net.Printable;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Pins of certificates: the SHA-256 of the DER form, as Xray's {@code pinnedPeerCertSha256} has it. */
public final class CertificatePins {
    private static final Pattern SEPARATOR = Pattern.compile("[,~]");
    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

    private CertificatePins() {}

    /**
     * Reads one or more pins, separated by {@code ,} or {@code ~}. Each has 64 hexadecimal digits in any case, with or
     * without colons between the bytes, as {@code openssl x509 -fingerprint -sha256} prints them.
     *
     * @return at least one pin, in lower case and without colons
     * @throws IllegalArgumentException saying what was expected and what came
     */
    public static List<String> parse(String text) {
        List<String> pins = new ArrayList<>();
        for (String piece : SEPARATOR.split(text, -1)) {
            String digits = piece.strip().replace(":", "").toLowerCase(Locale.ROOT);
            if (!DIGEST.matcher(digits).matches()) {
                throw new IllegalArgumentException(
                        "expected the SHA-256 of a certificate, 64 hexadecimal digits, got " + Printable.quoted(piece));
            }
            pins.add(digits);
        }
        return List.copyOf(pins);
    }

    /**
     * Returns the pin of a certificate: 64 hexadecimal digits in lower case.
     *
     * @throws CertificateEncodingException if the certificate has no DER form
     */
    public static String of(X509Certificate certificate) throws CertificateEncodingException {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
