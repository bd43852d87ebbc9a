package io.v2ws.internal.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PemFilesTest {
    private static final String PASSWORD = "changeit";
    private static final byte[] P256 = HexFormat.of().parseHex("06082a8648ce3d030107");

    @TempDir
    static Path store;

    @TempDir
    Path folder;

    private static KeyStore keys;

    @BeforeAll
    static void makeKeysAndCertificates() throws Exception {
        generate("rsa", "RSA", "-keysize", "2048");
        generate("rsa2", "RSA", "-keysize", "2048");
        generate("ec", "EC", "-groupname", "secp256r1");
        generate("ed25519", "Ed25519");
        generate("ca", "EC", "-groupname", "secp256r1", "-ext", "bc:c");
        generate("leaf", "EC", "-groupname", "secp384r1");
        keytool("-certreq", "-alias", "leaf", "-file", store.resolve("leaf.csr").toString());
        keytool(
                "-gencert",
                "-alias",
                "ca",
                "-infile",
                store.resolve("leaf.csr").toString(),
                "-outfile",
                store.resolve("leaf.crt").toString());
        keytool(
                "-importcert",
                "-noprompt",
                "-alias",
                "leaf",
                "-file",
                store.resolve("leaf.crt").toString());
        keys = KeyStore.getInstance(store.resolve("keys.p12").toFile(), PASSWORD.toCharArray());
    }

    @Test
    void certificatesOfABundleKeepTheirOrder() throws Exception {
        Path file = write(
                "chain.pem", "text before\n", pem(certificate("leaf")), "and between\r\n", pem(certificate("ca")));

        assertThat(PemFiles.certificates(file)).containsExactly(certificate("leaf"), certificate("ca"));
    }

    @Test
    void windowsLineEndsAndAByteOrderMarkDoNoHarm() throws Exception {
        Path file = write("dos.pem", "\uFEFF" + pem(certificate("ca")).replace("\n", "\r\n"));

        assertThat(PemFiles.certificates(file)).containsExactly(certificate("ca"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rsa", "ec", "ed25519", "leaf"})
    void pkcs8KeysAreRead(String alias) throws Exception {
        Path file = write(
                "key.pem",
                pem(certificate(alias)),
                pem("PRIVATE KEY", key(alias).getEncoded()));

        assertThat(PemFiles.privateKey(file).getEncoded()).isEqualTo(key(alias).getEncoded());
    }

    @Test
    void traditionalRsaKeysAreRead() throws Exception {
        Path file = write("key.pem", pem("RSA PRIVATE KEY", olderEncoding(key("rsa"))));

        assertThat(PemFiles.privateKey(file)).isEqualTo(key("rsa"));
    }

    @Test
    void traditionalEcKeysAreRead() throws Exception {
        byte[] secret = ecSecret(key("ec"));
        byte[] publicKey = der(0xa1, der(0x03, new byte[] {0}, new byte[65]));
        Path file = write("key.pem", pem("EC PRIVATE KEY", sec1(secret, der(0xa0, P256), publicKey)));

        // Not equal as objects: this encoding also holds the public key.
        ECPrivateKey read = (ECPrivateKey) PemFiles.privateKey(file);
        assertThat(read.getS()).isEqualTo(((ECPrivateKey) key("ec")).getS());
        assertThat(read.getParams()).isEqualTo(((ECPrivateKey) key("ec")).getParams());
    }

    @Test
    void theCurveOfAnEcKeyMayStandInABlockOfItsOwn() throws Exception {
        Path file = write("key.pem", pem("EC PARAMETERS", P256), pem("EC PRIVATE KEY", sec1(ecSecret(key("ec")))));

        assertThat(PemFiles.privateKey(file)).isEqualTo(key("ec"));
    }

    @Test
    void anEcKeyWithoutANamedCurveIsAnError() throws Exception {
        Path without = write("without.pem", pem("EC PRIVATE KEY", sec1(ecSecret(key("ec")))));
        Path explicit = write("explicit.pem", pem("EC PRIVATE KEY", sec1(ecSecret(key("ec")), der(0xa0, der(0x30)))));

        for (Path file : List.of(without, explicit)) {
            assertThatIOException()
                    .isThrownBy(() -> PemFiles.privateKey(file))
                    .withMessage(file + ": expected an EC private key with a named curve, got one without");
        }
    }

    @Test
    void encryptedKeysAreErrorsThatSaySo() throws Exception {
        Path pkcs8 = write("pkcs8.pem", pem("ENCRYPTED PRIVATE KEY", new byte[100]));
        Path traditional = write(
                "traditional.pem",
                pem("RSA PRIVATE KEY", new byte[100])
                        .replaceFirst("\n", "\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n"));

        for (Path file : List.of(pkcs8, traditional)) {
            assertThatIOException()
                    .isThrownBy(() -> PemFiles.privateKey(file))
                    .withMessageStartingWith(
                            file + ": expected a private key without a password, got an encrypted one");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY"})
    void damagedKeysAreErrors(String label) throws Exception {
        byte[] whole = label.startsWith("EC") ? sec1(ecSecret(key("ec")), der(0xa0, P256)) : olderEncoding(key("rsa"));
        for (int length = 0; length < whole.length; length += 7) {
            Path file = write("key.pem", pem(label, Arrays.copyOf(whole, length)));
            assertThatIOException()
                    .isThrownBy(() -> PemFiles.privateKey(file))
                    .withMessageStartingWith(file + ": expected ");
        }
    }

    @Test
    void keysOfOtherTypesAreErrors() throws Exception {
        Path file = write("key.pem", pem("OPENSSH PRIVATE KEY", new byte[10]));

        assertThatIOException()
                .isThrownBy(() -> PemFiles.privateKey(file))
                .withMessage(file + ": expected a private key of type RSA, EC or Ed25519, got OPENSSH PRIVATE KEY");
    }

    @Test
    void theWrongKindOfFileIsAnErrorThatSaysWhatItHolds() throws Exception {
        Path keyFile = write("key.pem", pem("PRIVATE KEY", key("ec").getEncoded()));
        Path certificateFile = write("cert.pem", pem(certificate("ec")));
        Path text = write("text.pem", "hello");

        assertThatIOException()
                .isThrownBy(() -> PemFiles.certificates(keyFile))
                .withMessage(keyFile + ": expected a certificate (-----BEGIN CERTIFICATE-----), got PRIVATE KEY");
        assertThatIOException()
                .isThrownBy(() -> PemFiles.privateKey(certificateFile))
                .withMessage(
                        certificateFile + ": expected a private key (-----BEGIN PRIVATE KEY-----), got CERTIFICATE");
        assertThatIOException()
                .isThrownBy(() -> PemFiles.trustStore(text))
                .withMessageEndingWith("got no PEM block at all");
    }

    @Test
    void filesThatAreMissingCutOrGarbledAreErrors() throws Exception {
        Path missing = folder.resolve("missing.pem");
        Path cut = write("cut.pem", pem(certificate("ec")).split("-----END")[0]);
        Path garbled = write("garbled.pem", pem(certificate("ec")).replaceFirst("\n", "\n*"));
        Path damaged = write("damaged.pem", pem(certificate("ec")), pem("CERTIFICATE", new byte[] {0x30, 1}));

        assertThatIOException()
                .isThrownBy(() -> PemFiles.certificates(missing))
                .withMessage(missing + ": expected a readable PEM file, got: no such file");
        assertThatIOException()
                .isThrownBy(() -> PemFiles.certificates(cut))
                .withMessage(cut + ": expected -----END CERTIFICATE-----, got the end of the file");
        assertThatIOException()
                .isThrownBy(() -> PemFiles.certificates(garbled))
                .withMessage(garbled + ": expected Base64 inside CERTIFICATE, got other characters");
        assertThatIOException()
                .isThrownBy(() -> PemFiles.certificates(damaged))
                .withMessage(damaged + ": expected X.509 certificates, got a damaged one as number 2");
        assertThatIOException().isThrownBy(() -> PemFiles.certificates(folder)).withMessageStartingWith(folder + ": ");
    }

    @Test
    void aTrustStoreHoldsEveryCertificate() throws Exception {
        KeyStore trusted = PemFiles.trustStore(write("ca.pem", pem(certificate("ca")), pem(certificate("rsa"))));

        assertThat(trusted.size()).isEqualTo(2);
        assertThat(trusted.getCertificateAlias(certificate("ca"))).isNotNull();
        assertThat(trusted.getCertificateAlias(certificate("rsa"))).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"rsa", "ec", "ed25519", "leaf"})
    void jettyTakesTheKeyStore(String alias) throws Exception {
        Path certificate = write("cert.pem", pem(certificate(alias)));
        Path key = write("key.pem", pem("PRIVATE KEY", key(alias).getEncoded()));
        PemFiles.KeyStoreWithPassword store = PemFiles.keyStore(certificate, key);

        SslContextFactory.Server tls = new SslContextFactory.Server();
        tls.setKeyStore(store.keyStore());
        tls.setKeyStorePassword(store.password());
        tls.setTrustStore(PemFiles.trustStore(certificate));
        tls.start();
        try {
            assertThat(tls.getAliases()).containsExactly("key");
            assertThat(store.keyStore().getKey("key", store.password().toCharArray()))
                    .isInstanceOf(PrivateKey.class);
        } finally {
            tls.stop();
        }
        assertThat(store.toString()).doesNotContain(store.password());
    }

    @Test
    void theChainIsPutIntoOrderAndStrangersLeftOut() throws Exception {
        Path bundle = write(
                "bundle.pem",
                pem(certificate("rsa")),
                pem(certificate("ca")),
                pem(certificate("leaf")),
                pem("PRIVATE KEY", key("leaf").getEncoded()));

        Certificate[] chain = PemFiles.keyStore(bundle, bundle).keyStore().getCertificateChain("key");

        assertThat(chain).containsExactly(certificate("leaf"), certificate("ca"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rsa2", "ec", "ed25519"})
    void aKeyOfAnotherCertificateIsAnErrorThatNamesBothFiles(String alias) throws Exception {
        Path certificate = write("cert.pem", pem(certificate("rsa")));
        Path key = write("key.pem", pem("PRIVATE KEY", key(alias).getEncoded()));

        assertThatIOException()
                .isThrownBy(() -> PemFiles.keyStore(certificate, key))
                .withMessageStartingWith(key + ": expected the private key of the certificate in " + certificate
                        + " (CN=rsa, RSA), got another key (");
    }

    private Path write(String name, String... parts) throws IOException {
        return Files.writeString(folder.resolve(name), String.join("", parts));
    }

    private static X509Certificate certificate(String alias) throws Exception {
        return (X509Certificate) keys.getCertificate(alias);
    }

    private static PrivateKey key(String alias) throws Exception {
        return (PrivateKey) keys.getKey(alias, PASSWORD.toCharArray());
    }

    private static String pem(X509Certificate certificate) throws Exception {
        return pem("CERTIFICATE", certificate.getEncoded());
    }

    private static String pem(String label, byte[] der) {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n";
    }

    /** PKCS #8 is {version, algorithm, octet string with the older encoding}. */
    private static byte[] olderEncoding(PrivateKey key) {
        return elements(elements(key.getEncoded()).get(0)).get(2);
    }

    private static byte[] ecSecret(PrivateKey key) {
        return elements(elements(olderEncoding(key)).get(0)).get(1);
    }

    private static byte[] sec1(byte[] secret, byte[]... optional) {
        List<byte[]> fields = new ArrayList<>(List.of(der(0x02, new byte[] {1}), der(0x04, secret)));
        fields.addAll(List.of(optional));
        return der(0x30, fields.toArray(new byte[0][]));
    }

    /** Returns the contents of consecutive DER elements. */
    private static List<byte[]> elements(byte[] der) {
        List<byte[]> contents = new ArrayList<>();
        int at = 0;
        while (at < der.length) {
            int length = der[at + 1] & 0xff;
            int start = at + 2;
            if (length > 0x80) {
                start += length - 0x80;
                length = Integer.parseInt(HexFormat.of().formatHex(der, at + 2, start), 16);
            }
            at = start + length;
            contents.add(Arrays.copyOfRange(der, start, at));
        }
        return contents;
    }

    /** Short elements only, as those of EC keys are. */
    private static byte[] der(int tag, byte[]... contents) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        out.write(Arrays.stream(contents).mapToInt(content -> content.length).sum());
        for (byte[] content : contents) {
            out.writeBytes(content);
        }
        assertThat(out.size()).isLessThan(0x80 + 2);
        return out.toByteArray();
    }

    private static void generate(String alias, String algorithm, String... more) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("-genkeypair", "-alias", alias, "-keyalg", algorithm));
        arguments.addAll(List.of("-dname", "CN=" + alias, "-validity", "30"));
        arguments.addAll(List.of(more));
        keytool(arguments.toArray(new String[0]));
    }

    private static void keytool(String... arguments) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        command.addAll(List.of("-keystore", store.resolve("keys.p12").toString()));
        command.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor()).as(output).isZero();
    }
}
