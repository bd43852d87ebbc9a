package io.v2ws;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
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
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Certificates and private keys from PEM files (RFC 7468), as OpenSSL and ACME clients write them.
 *
 * <p>Every method reads its files at once and throws an {@link IOException} that names the file, what was expected and
 * what came; key material never appears in a message.
 */
public final class PemFiles {
    /** No honest file comes near; a device that never ends must not fill the memory. */
    private static final int MAX_BYTES = 10_000_000;

    /** A byte order mark or other text before the dashes does no harm. */
    private static final Pattern BLOCK = Pattern.compile(".*-----BEGIN ([A-Z0-9 ]+)-----\\s*");

    private static final String CERTIFICATE = "CERTIFICATE";
    private static final String PKCS8_KEY = "PRIVATE KEY";
    private static final String RSA_KEY = "RSA PRIVATE KEY";
    private static final String EC_KEY = "EC PRIVATE KEY";
    private static final String EC_PARAMETERS = "EC PARAMETERS";
    private static final String ENCRYPTED_KEY = "ENCRYPTED PRIVATE KEY";

    /** DER of the AlgorithmIdentifier {rsaEncryption, NULL}, of the identifier id-ecPublicKey, and of the integer 0. */
    private static final byte[] RSA_ALGORITHM = HexFormat.of().parseHex("300d06092a864886f70d0101010500");

    private static final byte[] EC_ALGORITHM_ID = HexFormat.of().parseHex("06072a8648ce3d0201");
    private static final byte[] VERSION_0 = HexFormat.of().parseHex("020100");

    private static final int SEQUENCE = 0x30;
    private static final int OCTET_STRING = 0x04;
    private static final int OBJECT_IDENTIFIER = 0x06;
    private static final int CONTEXT_0 = 0xa0;

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

    /** What stands between BEGIN and END. */
    private record Block(String label, boolean encrypted, byte[] der) {}

    /**
     * Returns the certificates of a bundle in the order of the file, at least one; other blocks are skipped.
     *
     * @throws IOException if the file cannot be read or holds no certificate, or one that is damaged
     */
    public static List<X509Certificate> certificates(Path file) throws IOException {
        List<Block> blocks = blocks(file);
        List<X509Certificate> certificates = new ArrayList<>();
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            for (Block block : blocks) {
                if (block.label.equals(CERTIFICATE)) {
                    certificates.add(
                            (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(block.der)));
                }
            }
        } catch (GeneralSecurityException e) {
            throw new IOException(
                    file + ": expected X.509 certificates, got a damaged one as number " + (certificates.size() + 1),
                    e);
        }
        if (certificates.isEmpty()) {
            throw new IOException(
                    file + ": expected a certificate (-----BEGIN CERTIFICATE-----), got " + found(blocks));
        }
        return List.copyOf(certificates);
    }

    /**
     * Returns the first private key of a file: PKCS #8 ({@code PRIVATE KEY}), PKCS #1 ({@code RSA PRIVATE KEY}) or SEC 1
     * ({@code EC PRIVATE KEY}), of type RSA, EC or Ed25519.
     *
     * @throws IOException if the file cannot be read, holds no key, or one that is encrypted, damaged or of another type
     */
    public static PrivateKey privateKey(Path file) throws IOException {
        List<Block> blocks = blocks(file);
        Block key = blocks.stream()
                .filter(block -> block.label.endsWith(PKCS8_KEY))
                .findFirst()
                .orElseThrow(() -> new IOException(
                        file + ": expected a private key (-----BEGIN PRIVATE KEY-----), got " + found(blocks)));
        if (key.encrypted || key.label.equals(ENCRYPTED_KEY)) {
            throw new IOException(file + ": expected a private key without a password, got an encrypted one; decrypt it"
                    + " with: openssl pkey -in FILE -out NEW_FILE");
        }
        return switch (key.label) {
            case PKCS8_KEY -> decodeKey(file, key.der, "RSA", "EC", "Ed25519");
            case RSA_KEY -> decodeKey(file, pkcs8(RSA_ALGORITHM, key.der), "RSA");
            case EC_KEY -> decodeKey(file, pkcs8(ecAlgorithm(file, key, blocks), key.der), "EC");
            default ->
                throw new IOException(
                        file + ": expected a private key of type RSA, EC or Ed25519, got " + found(List.of(key)));
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

    /** PKCS #8 is a version, the algorithm, and the older encoding as an octet string (RFC 5208). */
    private static byte[] pkcs8(byte[] algorithm, byte[] key) {
        return der(SEQUENCE, VERSION_0, algorithm, der(OCTET_STRING, key));
    }

    /**
     * SEC 1 (RFC 5915) is {version, key, [0] curve, [1] public key}; where the curve is left out, it stands in a block of
     * its own, as {@code openssl ecparam -genkey} writes it.
     */
    private static byte[] ecAlgorithm(Path file, Block key, List<Block> blocks) throws IOException {
        Optional<Block> parameters =
                blocks.stream().filter(b -> b.label.equals(EC_PARAMETERS)).findFirst();
        byte[] curve = parameters.map(Block::der).orElse(new byte[0]);
        try {
            ByteBuffer fields = derContent(ByteBuffer.wrap(key.der));
            while (fields.hasRemaining()) {
                int tag = fields.get(fields.position()) & 0xff;
                ByteBuffer field = derContent(fields);
                if (tag == CONTEXT_0) {
                    curve = new byte[field.remaining()];
                    field.get(curve);
                }
            }
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw new IOException(file + ": expected a SEC 1 private key, got a damaged one", e);
        }
        if (curve.length == 0 || curve[0] != OBJECT_IDENTIFIER) {
            throw new IOException(file + ": expected an EC private key with a named curve, got one without");
        }
        return der(SEQUENCE, EC_ALGORITHM_ID, curve);
    }

    /** Returns the content of the next DER element, and moves on behind it. */
    private static ByteBuffer derContent(ByteBuffer in) {
        in.get();
        int length = in.get() & 0xff;
        if (length > 0x80) {
            int octets = length - 0x80;
            length = 0;
            while (octets-- > 0) {
                length = length << 8 | in.get() & 0xff;
            }
        }
        ByteBuffer content = in.slice().limit(length);
        in.position(in.position() + length);
        return content;
    }

    private static byte[] der(int tag, byte[]... contents) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : contents) {
            content.writeBytes(part);
        }
        int length = content.size();
        // Three octets of length reach to 16 MB, more than a file may have; DER wants the shortest form.
        int octets = length < 0x80 ? 0 : length < 0x100 ? 1 : length < 0x10000 ? 2 : 3;
        ByteArrayOutputStream element = new ByteArrayOutputStream();
        element.write(tag);
        element.write(octets == 0 ? length : 0x80 + octets);
        for (int i = octets - 1; i >= 0; i--) {
            element.write(length >> (8 * i));
        }
        element.writeBytes(content.toByteArray());
        return element.toByteArray();
    }

    private static List<Block> blocks(Path file) throws IOException {
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
        List<Block> blocks = new ArrayList<>();
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
    private static Block block(Path file, String label, Iterator<String> lines) throws IOException {
        StringBuilder base64 = new StringBuilder();
        boolean encrypted = false;
        while (lines.hasNext()) {
            String line = lines.next().strip();
            if (line.startsWith("-----END " + label + "-----")) {
                // The cipher text of a traditional encrypted key is of no use to us.
                return new Block(label, encrypted, encrypted ? new byte[0] : decode(file, label, base64.toString()));
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

    private static String found(List<Block> blocks) {
        return blocks.isEmpty()
                ? "no PEM block at all"
                : blocks.stream().map(Block::label).distinct().collect(Collectors.joining(", "));
    }
}
