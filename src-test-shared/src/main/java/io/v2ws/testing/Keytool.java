package io.v2ws.testing;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Makes keys and signs certificates with the JDK's keytool, as no public API does. */
final class Keytool {

    static final String CA = "ca";
    static final String SERVER = "server";
    static final String TUNNEL = "tunnel";
    static final String CLIENT = "client";

    private final Path store;
    private final String password;

    private Keytool(Path store, String password) {
        this.store = store;
        this.password = password;
    }

    /** Makes a PKCS 12 store with the authority and everything it signed. */
    static KeyStore makeStore(Path file, String password) throws IOException, GeneralSecurityException {
        file.toFile().deleteOnExit();
        Keytool keytool = new Keytool(file, password);
        keytool.generate(CA, "CN=v2ws test CA", "-ext", "bc:c=ca:true", "-ext", "ku:c=keyCertSign,cRLSign");
        keytool.sign(SERVER, "CN=localhost", "san=dns:localhost,ip:127.0.0.1,ip:::1", "eku=serverAuth");
        keytool.sign(
                TUNNEL,
                "CN=tunnel.example",
                "san=dns:tunnel.example,dns:*.net.tunnel.example,dns:xn--bcher-kva.example",
                "eku=serverAuth");
        keytool.sign(CLIENT, "CN=client", "san=dns:client.example", "eku=clientAuth");
        return KeyStore.getInstance(file.toFile(), password.toCharArray());
    }

    private void sign(String alias, String name, String alternativeNames, String usage) throws IOException {
        generate(alias, name, "-signer", CA, "-ext", alternativeNames, "-ext", usage);
    }

    private void generate(String alias, String name, String... more) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                alias,
                "-dname",
                name,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1"));
        command.addAll(List.of("-keystore", store.toString(), "-storetype", "PKCS12", "-storepass", password));
        // A day ago: other programs' clocks may be a little behind.
        command.addAll(List.of("-startdate", "-1d", "-validity", "30"));
        command.addAll(List.of(more));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = Bytes.utf8(process.getInputStream().readAllBytes());
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException("keytool failed: " + output);
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
