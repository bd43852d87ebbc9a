package io.v2ws.testing;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Base64;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/**
 * A certificate authority of our own and what it signed, made with the JDK's keytool when first asked for and kept for
 * the life of the JVM. Keys are P-256; the files are deleted at the end.
 */
public final class TestCertificates {

    /** The password of all stores and of the keys in them. */
    public static final String PASSWORD = "changeit";

    /**
     * A certificate with its key.
     *
     * @param keyStore PKCS 12 store with key and chain, opened by {@link #PASSWORD}
     * @param certificatePem the certificate alone
     * @param keyPem the key as PKCS 8, not encrypted
     * @param certificate the certificate
     */
    public record Identity(Path keyStore, Path certificatePem, Path keyPem, X509Certificate certificate) {}

    private static final class Holder {
        private static final TestCertificates INSTANCE = create();
    }

    private final Path directory;
    private final KeyStore all;
    private final Path caPem;
    private final Path trustStore;
    private final Identity server;
    private final Identity tunnelExample;
    private final Identity client;

    private TestCertificates(Path directory) throws IOException, GeneralSecurityException {
        this.directory = directory;
        this.all = Keytool.makeStore(directory.resolve("all.p12"), PASSWORD);
        Certificate authority = all.getCertificate(Keytool.CA);
        this.caPem = writePem("ca.pem", "CERTIFICATE", authority.getEncoded());
        KeyStore trusted = emptyStore();
        trusted.setCertificateEntry(Keytool.CA, authority);
        this.trustStore = writeStore("trust.p12", trusted);
        this.server = identity(Keytool.SERVER);
        this.tunnelExample = identity(Keytool.TUNNEL);
        this.client = identity(Keytool.CLIENT);
    }

    /** Returns the certificates of this JVM. */
    public static TestCertificates get() {
        return Holder.INSTANCE;
    }

    /** Returns the authority's certificate as PEM. */
    public Path caPem() {
        return caPem;
    }

    /** Returns a PKCS 12 store that trusts the authority. */
    public Path trustStore() {
        return trustStore;
    }

    /** Returns a server's identity for {@code localhost}, 127.0.0.1 and ::1. */
    public Identity server() {
        return server;
    }

    /** Returns a server's identity for {@code tunnel.example} only. */
    public Identity tunnelExample() {
        return tunnelExample;
    }

    /** Returns a client's identity. */
    public Identity client() {
        return client;
    }

    /** Connects a raw client with TLS that trusts these certificates. */
    public RawWebSocketPeer connect(InetSocketAddress address) throws IOException {
        return connect(Sockets.connect(address, 0), address);
    }

    /** As above, on a connection to that address. */
    public RawWebSocketPeer connect(Socket below, InetSocketAddress address) throws IOException {
        Socket tls = trustingContext()
                .getSocketFactory()
                .createSocket(below, address.getHostString(), address.getPort(), true);
        return RawWebSocketPeer.client(tls, below);
    }

    /** Accepts a raw server with TLS on a connection. */
    public RawWebSocketPeer accept(Socket accepted) throws IOException {
        SSLSocket tls = (SSLSocket)
                contextOf(server()).getSocketFactory().createSocket(accepted, null, accepted.getPort(), true);
        tls.setUseClientMode(false);
        return RawWebSocketPeer.accept(tls, accepted);
    }

    /** Makes a context that trusts the authority and shows no certificate. */
    public SSLContext trustingContext() {
        return context(null);
    }

    /** Makes a context that trusts the authority and shows this identity, as client or as server. */
    public SSLContext contextOf(Identity identity) {
        return context(identity);
    }

    private SSLContext context(Identity identity) {
        try {
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(KeyStore.getInstance(trustStore.toFile(), PASSWORD.toCharArray()));
            KeyManager[] keys = {};
            if (identity != null) {
                KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
                KeyStore store = KeyStore.getInstance(identity.keyStore().toFile(), PASSWORD.toCharArray());
                factory.init(store, PASSWORD.toCharArray());
                keys = factory.getKeyManagers();
            }
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys, trust.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static TestCertificates create() {
        try {
            Path directory = Files.createTempDirectory("v2ws-certificates");
            directory.toFile().deleteOnExit();
            return new TestCertificates(directory);
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("could not make certificates", e);
        }
    }

    private Identity identity(String alias) throws IOException, GeneralSecurityException {
        Key key = all.getKey(alias, PASSWORD.toCharArray());
        X509Certificate certificate = (X509Certificate) all.getCertificate(alias);
        KeyStore store = emptyStore();
        store.setKeyEntry(alias, key, PASSWORD.toCharArray(), all.getCertificateChain(alias));
        return new Identity(
                writeStore(alias + ".p12", store),
                writePem(alias + ".pem", "CERTIFICATE", certificate.getEncoded()),
                writePem(alias + "-key.pem", "PRIVATE KEY", key.getEncoded()),
                certificate);
    }

    private static KeyStore emptyStore() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    private Path writeStore(String name, KeyStore store) throws IOException, GeneralSecurityException {
        Path file = newFile(name);
        try (var out = Files.newOutputStream(file)) {
            store.store(out, PASSWORD.toCharArray());
        }
        return file;
    }

    private Path writePem(String name, String type, byte[] der) throws IOException {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        String pem = "-----BEGIN " + type + "-----\n" + base64 + "\n-----END " + type + "-----\n";
        return Files.writeString(newFile(name), pem);
    }

    private Path newFile(String name) {
        Path file = directory.resolve(name);
        file.toFile().deleteOnExit();
        return file;
    }
}
