package io.v2ws.internal.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Certificates and private keys from PEM files (RFC 7468), as OpenSSL and ACME clients write them.
 *
 * <p>Every method reads its files at once and throws an {@link IOException} that names the file, what was expected and
 * what came; key material never appears in a message.
 */
public final class PemFiles {
    private static final String CERTIFICATE = "CERTIFICATE";
    private static final String PKCS8_KEY = "PRIVATE KEY";
    private static final String RSA_KEY = "RSA PRIVATE KEY";
    private static final String EC_KEY = "EC PRIVATE KEY";
    private static final String ENCRYPTED_KEY = "ENCRYPTED PRIVATE KEY";

    private PemFiles() {}

    /**
     * A key store in memory and the password of store and key, for Jetty's {@code SslContextFactory}:
     * {@code setKeyStore} and {@code setKeyStorePassword}.
     *
     * @param keyStore PKCS #12, one entry
     * @param password random
     */
    public record KeyStoreWithPassword(KeyStore keyStore, String password) {
        /** Leaves the password out, so that it never gets into a log. */
        @Override
        public String toString() {
            return "KeyStoreWithPassword[keyStore=" + keyStore.getType() + "]";
        }
    }

    /**
     * Returns the certificates of a bundle in the order of the file, at least one; other blocks are skipped.
     *
     * @throws IOException if the file cannot be read or holds no certificate, or one that is damaged
     */
    public static List<X509Certificate> certificates(Path file) throws IOException {
        List<PemBlock> blocks = PemBlock.readAll(file);
        List<X509Certificate> certificates = new ArrayList<>();
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            for (PemBlock block : blocks) {
                if (block.label().equals(CERTIFICATE)) {
                    certificates.add(
                            (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(block.der())));
                }
            }
        } catch (GeneralSecurityException e) {
            throw new IOException(
                    file + ": expected X.509 certificates, got a damaged one as number " + (certificates.size() + 1),
                    e);
        }
        if (certificates.isEmpty()) {
            throw new IOException(
                    file + ": expected a certificate (-----BEGIN CERTIFICATE-----), got " + PemBlock.names(blocks));
        }
        return List.copyOf(certificates);
    }

    /**
     * Returns the first private key of a file: PKCS #8 ({@code PRIVATE KEY}), PKCS #1 ({@code RSA PRIVATE KEY}) or SEC
     * 1 ({@code EC PRIVATE KEY}), of type RSA, EC or Ed25519.
     *
     * @throws IOException if the file cannot be read, holds no key, or one that is encrypted, damaged or of another
     *     type
     */
    public static PrivateKey privateKey(Path file) throws IOException {
        List<PemBlock> blocks = PemBlock.readAll(file);
        PemBlock key = blocks.stream()
                .filter(block -> block.label().endsWith(PKCS8_KEY))
                .findFirst()
                .orElseThrow(() -> new IOException(file + ": expected a private key (-----BEGIN PRIVATE KEY-----), got "
                        + PemBlock.names(blocks)));
        if (key.encrypted() || key.label().equals(ENCRYPTED_KEY)) {
            throw new IOException(file + ": expected a private key without a password, got an encrypted one; decrypt it"
                    + " with: openssl pkey -in FILE -out NEW_FILE");
        }
        return switch (key.label()) {
            case PKCS8_KEY -> decodeKey(file, key.der(), "RSA", "EC", "Ed25519");
            case RSA_KEY -> decodeKey(file, TraditionalKey.rsaToPkcs8(key.der()), "RSA");
            case EC_KEY -> decodeKey(file, TraditionalKey.ecToPkcs8(file, key, blocks), "EC");
            default ->
                throw new IOException(file + ": expected a private key of type RSA, EC or Ed25519, got "
                        + PemBlock.names(List.of(key)));
        };
    }

    /**
     * Returns a key store in memory that trusts the certificates of a bundle, and nothing else; for Jetty's
     * {@code SslContextFactory.setTrustStore}, no password needed.
     *
     * @throws IOException as {@link #certificates}
     */
    public static KeyStore trustStore(Path file) throws IOException {
        List<X509Certificate> certificates = certificates(file);
        try {
            KeyStore store = emptyStore();
            for (int i = 0; i < certificates.size(); i++) {
                store.setCertificateEntry("trusted-" + i, certificates.get(i));
            }
            return store;
        } catch (GeneralSecurityException e) {
            throw new IOException(file + ": expected certificates to trust, got " + e.getMessage(), e);
        }
    }

    /**
     * Returns a key store in memory with a private key and its certificate chain. The chain begins with the certificate
     * the key belongs to and is put into order; certificates of the bundle that are no part of it are left out.
     *
     * @param certificateFile the certificate and its intermediates, in any order
     * @param keyFile may be the same file
     * @throws IOException as {@link #certificates} and {@link #privateKey}, or if the key belongs to none of the
     *     certificates
     */
    public static KeyStoreWithPassword keyStore(Path certificateFile, Path keyFile) throws IOException {
        List<X509Certificate> certificates = certificates(certificateFile);
        PrivateKey key = privateKey(keyFile);
        X509Certificate own = certificates.stream()
                .filter(certificate -> belongTogether(key, certificate))
                .findFirst()
                .orElseThrow(() -> new IOException(keyFile + ": expected the private key of the certificate in "
                        + certificateFile + " (" + certificates.get(0).getSubjectX500Principal() + ", "
                        + certificates.get(0).getPublicKey().getAlgorithm() + "), got another key ("
                        + key.getAlgorithm() + ")"));
        byte[] random = new byte[24];
        new SecureRandom().nextBytes(random);
        String password = Base64.getUrlEncoder().encodeToString(random);
        try {
            KeyStore store = emptyStore();
            store.setKeyEntry("key", key, password.toCharArray(), chain(own, certificates));
            return new KeyStoreWithPassword(store, password);
        } catch (GeneralSecurityException e) {
            throw new IOException(certificateFile + ": expected a certificate chain, got " + e.getMessage(), e);
        }
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    private static Certificate[] chain(X509Certificate own, List<X509Certificate> certificates) {
        List<X509Certificate> chain = new ArrayList<>(List.of(own));
        Optional<X509Certificate> issuer = Optional.of(own);
        while (issuer.isPresent()) {
            X509Certificate last = issuer.get();
            issuer = certificates.stream()
                    .filter(candidate -> !chain.contains(candidate)
                            && candidate.getSubjectX500Principal().equals(last.getIssuerX500Principal())
                            && !last.getSubjectX500Principal().equals(last.getIssuerX500Principal()))
                    .findFirst();
            issuer.ifPresent(chain::add);
        }
        return chain.toArray(new Certificate[0]);
    }

    /** Whether what the key signs is what the certificate's public key verifies. */
    private static boolean belongTogether(PrivateKey key, X509Certificate certificate) {
        String algorithm =
                Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA").getOrDefault(key.getAlgorithm(), "EdDSA");
        try {
            byte[] probe = "v2ws".getBytes(StandardCharsets.US_ASCII);
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(probe);
            byte[] signed = signature.sign();
            signature.initVerify(certificate.getPublicKey());
            signature.update(probe);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            // Keys of different types or sizes: an answer, not a failure.
            return false;
        }
    }

    private static PrivateKey decodeKey(Path file, byte[] pkcs8, String... algorithms) throws IOException {
        List<Exception> failures = new ArrayList<>();
        for (String algorithm : algorithms) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            } catch (InvalidKeySpecException e) {
                failures.add(e);
            } catch (GeneralSecurityException e) {
                throw new IOException(file + ": expected a JDK that knows " + algorithm + " keys, got one without", e);
            }
        }
        IOException failure = new IOException(file + ": expected a private key of type " + String.join(", ", algorithms)
                + ", got a damaged one or one of another type or curve");
        failures.forEach(failure::addSuppressed);
        throw failure;
    }
}
