package io.v2ws.client;

import java.security.cert.CertificateException;
import java.util.List;

/** The server's certificate is none of the pinned ones. */
public final class CertificatePinException extends CertificateException {
    private static final long serialVersionUID = 1L;
    private static final int MOST_SHOWN = 5;

    private final String pin;

    /**
     * Makes the exception.
     *
     * @param pins the accepted pins
     * @param pin the SHA-256 of the certificate that came
     * @param ofAuthority whether a pin is that of another certificate in the chain
     */
    CertificatePinException(List<String> pins, String pin, boolean ofAuthority) {
        super("expected a certificate with "
                + (pins.size() == 1 ? "the pinned SHA-256 " : "one of the pinned SHA-256 ")
                + String.join(", ", pins.subList(0, Math.min(pins.size(), MOST_SHOWN)))
                + (pins.size() > MOST_SHOWN ? ", …" : "") + ", got one with " + pin + ": "
                + (ofAuthority
                        ? "the pin is that of an authority; pin the server's own certificate instead"
                        : "if you know that the server has a new certificate, pin the new one"));
        this.pin = pin;
    }

    /** Returns the SHA-256 of the certificate that came: 64 hexadecimal digits in lower case. */
    public String pin() {
        return pin;
    }
}
