package io.v2ws.internal.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Authorities and client certificates from files in any usual form: PEM, DER, or a key store (PKCS #12, or the JKS of
 * older Java). The content tells the form, not the name. As with {@link PemFiles}, every failure names the file.
 */
public final class CertificateFiles {
    private static final int MAX_BYTES = 10_000_000;

    private CertificateFiles() {}

    /**
     * Returns the certificates of a file, at least one: all of a PEM or DER file; of a key store those that are marked
     * as trusted.
     *
     * @param password of a key store; null for none
     */
    public static List<X509Certificate> authorities(Path file, char[] password) throws IOException {
        byte[] bytes = read(file);
        if (isPem(bytes)) {
            return PemFiles.certificates(file);
        }
        List<X509Certificate> der = der(bytes);
        if (!der.isEmpty()) {
            return der;
        }
        KeyStore store = keyStore(file, bytes, password);
        List<X509Certificate> trusted = new ArrayList<>();
        try {
            for (String alias : Collections.list(store.aliases())) {
                if (store.isCertificateEntry(alias)
                        && store.getCertificate(alias) instanceof X509Certificate certificate) {
                    trusted.add(certificate);
                }
            }
        } catch (GeneralSecurityException x) {
            throw new IOException(file + ": expected a readable key store, got: " + x.getMessage(), x);
        }
        if (trusted.isEmpty()) {
            throw new IOException(file + ": expected trusted certificates, as keytool -importcert puts them into a key"
                    + " store, got a store without one"
                    + (password == null ? ", or one that needs its password" : ""));
        }
        return trusted;
    }

    /**
     * Returns a client's key and certificates from a key store.
     *
     * @param password of store and key; null for none
     */
    public static KeyStore identity(Path file, char[] password) throws IOException {
        byte[] bytes = read(file);
        if (isPem(bytes) || !der(bytes).isEmpty()) {
            throw new IOException(
                    file + ": expected a key store (PKCS #12) with certificate and key, got certificates without");
        }
        KeyStore store = keyStore(file, bytes, password);
        try {
            for (String alias : Collections.list(store.aliases())) {
                if (store.isKeyEntry(alias)) {
                    return store;
                }
            }
        } catch (GeneralSecurityException x) {
            throw new IOException(file + ": expected a readable key store, got: " + x.getMessage(), x);
        }
        throw new IOException(file + ": expected a key store with a private key, got one without");
    }

    private static byte[] read(Path file) throws IOException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MAX_BYTES + 1);
        } catch (IOException x) {
            String reason = x instanceof NoSuchFileException ? "no such file" : x.getMessage();
            throw new IOException(file + ": expected a readable file with certificates, got: " + reason, x);
        }
        if (bytes.length > MAX_BYTES) {
            throw new IOException(file + ": expected a file of at most 10 MB, got more");
        }
        return bytes;
    }

    /** Text counts as PEM too: its reader says best what is missing. */
    private static boolean isPem(byte[] bytes) {
        boolean binary = bytes.length > 1 && (bytes[0] == 0x30 || bytes[0] == (byte) 0xfe);
        return !binary || new String(bytes, StandardCharsets.ISO_8859_1).contains("-----BEGIN ");
    }

    /** Returns the certificates of a DER file; empty if it is none. */
    private static List<X509Certificate> der(byte[] bytes) {
        List<X509Certificate> certificates = new ArrayList<>();
        try {
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(bytes))) {
                certificates.add((X509Certificate) certificate);
            }
            return certificates;
        } catch (CertificateException another) {
            return List.of();
        }
    }

    private static KeyStore keyStore(Path file, byte[] bytes, char[] password) throws IOException {
        boolean jks = bytes[0] != 0x30;
        try {
            KeyStore store = KeyStore.getInstance(jks ? "JKS" : "PKCS12");
            store.load(new ByteArrayInputStream(bytes), password);
            return store;
        } catch (IOException | GeneralSecurityException x) {
            throw new IOException(
                    file + ": expected PEM, DER or a key store (PKCS #12) "
                            + (password == null ? "without a password" : "and its right password") + ", got: "
                            + x.getMessage(),
                    x);
        }
    }
}
