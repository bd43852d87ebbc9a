package io.v2ws.internal.tls;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** The key formats older than PKCS #8, which the JDK does not read: wrapped into PKCS #8. */
final class TraditionalKey {
    private static final String EC_PARAMETERS = "EC PARAMETERS";

    /** DER of the AlgorithmIdentifier {rsaEncryption, NULL}, of the identifier id-ecPublicKey, and of the integer 0. */
    private static final byte[] RSA_ALGORITHM = HexFormat.of().parseHex("300d06092a864886f70d0101010500");

    private static final byte[] EC_ALGORITHM_ID = HexFormat.of().parseHex("06072a8648ce3d0201");
    private static final byte[] VERSION_0 = HexFormat.of().parseHex("020100");

    private static final int SEQUENCE = 0x30;
    private static final int OCTET_STRING = 0x04;
    private static final int OBJECT_IDENTIFIER = 0x06;
    private static final int CONTEXT_0 = 0xa0;

    private TraditionalKey() {}

    /** Returns an {@code RSA PRIVATE KEY} (PKCS #1) as PKCS #8. */
    static byte[] rsaToPkcs8(byte[] key) {
        return pkcs8(RSA_ALGORITHM, key);
    }

    /**
     * Returns an {@code EC PRIVATE KEY} (SEC 1) as PKCS #8.
     *
     * @param blocks all of the file: the curve may stand in a block of its own
     * @throws IOException if the key is damaged or has no named curve
     */
    static byte[] ecToPkcs8(Path file, PemBlock key, List<PemBlock> blocks) throws IOException {
        return pkcs8(ecAlgorithm(file, key, blocks), key.der());
    }

    /** PKCS #8 is a version, the algorithm, and the older encoding as an octet string (RFC 5208). */
    private static byte[] pkcs8(byte[] algorithm, byte[] key) {
        return der(SEQUENCE, VERSION_0, algorithm, der(OCTET_STRING, key));
    }

    /**
     * SEC 1 (RFC 5915) is {version, key, [0] curve, [1] public key}; where the curve is left out, it stands in a block
     * of its own, as {@code openssl ecparam -genkey} writes it.
     */
    private static byte[] ecAlgorithm(Path file, PemBlock key, List<PemBlock> blocks) throws IOException {
        Optional<PemBlock> parameters =
                blocks.stream().filter(b -> b.label().equals(EC_PARAMETERS)).findFirst();
        byte[] curve = parameters.map(PemBlock::der).orElse(new byte[0]);
        try {
            ByteBuffer fields = derContent(ByteBuffer.wrap(key.der()));
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
}
