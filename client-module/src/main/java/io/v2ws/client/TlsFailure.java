package io.v2ws.client;

import io.v2ws.internal.net.Printable;
import java.security.InvalidAlgorithmParameterException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import javax.net.ssl.SSLException;

/** Turns what the JDK says of a failed TLS handshake into a sentence that tells what to do. */
final class TlsFailure {
    private TlsFailure() {}

    /**
     * Returns the sentence.
     *
     * @param cause one of the causes of a failed upgrade
     * @return null if this cause has none
     */
    static String explain(Throwable cause) {
        if (cause instanceof InvalidAlgorithmParameterException) {
            // "the trustAnchors parameter must be non-empty"
            return "no certificate can be verified: the trust store of this Java is empty or cannot be read (Debian:"
                    + " install ca-certificates-java, or name the authorities yourself)";
        }
        if (cause instanceof CertificateExpiredException) {
            return "a certificate of the server has expired (" + Printable.shortened(cause.getMessage())
                    + "), or the clock of this machine is wrong";
        }
        if (cause instanceof CertificateNotYetValidException) {
            return "a certificate of the server is not valid yet (" + Printable.shortened(cause.getMessage())
                    + "), or the clock of this machine is wrong";
        }
        String message = cause instanceof SSLException ? String.valueOf(cause.getMessage()) : "";
        if (message.contains("nrecognized SSL message")) {
            // "Unsupported or unrecognized SSL message", or "Unrecognized SSL message, plaintext connection?"
            return "the port speaks no TLS: is it the right one, or is ws:// meant?";
        }
        if (message.contains("no_application_protocol")) {
            return "the server accepts none of the protocols that were offered in ALPN: it may do HTTP/2 only, and this"
                    + " client opens tunnels over HTTP/1.1";
        }
        return null;
    }
}
