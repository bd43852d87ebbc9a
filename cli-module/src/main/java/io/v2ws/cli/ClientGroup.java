package io.v2ws.cli;

import io.v2ws.HostAndPort;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Options that say how the client reaches the server; null if not given, so that the file decides. */
final class ClientGroup {
    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "JSON file with \"url\", sing-box's \"transport\" and"
                    + " the options below; what is given here wins. Default: none.")
    Path config;

    @Option(
            names = "--tls-ca",
            paramLabel = "FILE",
            description = "Authorities to trust, and no others: PEM, DER or PKCS #12. Default: those of Java.")
    Path tlsCa;

    @Option(
            names = "--tls-extra-ca",
            paramLabel = "FILE",
            description = "Authorities to trust beside those of Java, or of --tls-ca: PEM, DER or PKCS #12."
                    + " Default: none.")
    Path tlsExtraCa;

    @Option(
            names = "--tls-password-file",
            paramLabel = "FILE",
            description = "Its first line is the password of the PKCS #12 files. Default: they have none.")
    Path tlsPasswordFile;

    @Option(
            names = "--tls-cert",
            paramLabel = "FILE",
            description = "Client certificate: PEM, or with its key in PKCS #12 (.p12, .pfx). Default: none.")
    Path tlsCert;

    @Option(names = "--tls-key", paramLabel = "PEM", description = "Key of the client certificate. Default: none.")
    Path tlsKey;

    @Option(
            names = "--tls-provider",
            paramLabel = "NAME",
            description = "Java security provider that does the TLS, Conscrypt for instance, which is faster; see"
                    + " docs/performance.md. Default: the JVM's own.")
    String tlsProvider;

    @Option(
            names = "--server-name",
            paramLabel = "NAME",
            description = "Name to ask for and to verify in TLS. Default: the host of the URL.")
    String serverName;

    @Option(
            names = "--tls-pin",
            paramLabel = "SHA256",
            description =
                    "Accept the certificate with this SHA-256 and no other, regardless of its issuer; 64 hexadecimal"
                            + " digits, as 'openssl x509 -noout -fingerprint -sha256' or v2ws probe prints them. May be"
                            + " repeated."
                            + " Default: none, the authorities are asked.")
    List<String> tlsPins;

    @Option(
            names = "--tls-verify-name",
            paramLabel = "NAME",
            split = ",",
            splitSynopsisLabel = ",",
            description = "Verify this name in the certificate, and not the one that is asked for. May be repeated: one"
                    + " must match. Default: the name that is asked for.")
    List<String> tlsVerifyNames;

    @Option(
            names = "--insecure-skip-verify",
            description =
                    "Accept any certificate: anybody on the way can read and change all. Without effect beside a pin."
                            + " Default: verified.")
    boolean insecureSkipVerify;

    @Option(
            names = "--proxy",
            paramLabel = "URL|system|none",
            description = "Proxy to go through, http://[USER:PASSWORD@]HOST:PORT or socks5://…; 'system': Java's"
                    + " (-Dhttps.proxyHost …), else the environment's. Default: that of the environment, as with curl:"
                    + " HTTPS_PROXY, http_proxy, ALL_PROXY, NO_PROXY.")
    String proxy;

    @Option(
            names = "--proxy-header",
            paramLabel = "'K: V'",
            description = "Header to send to an http:// proxy with CONNECT, User-Agent for instance. May be repeated."
                    + " Default: none.")
    List<String> proxyHeaders;

    @ArgGroup(validate = false)
    final AddressGroup addresses = new AddressGroup();

    @Option(
            names = "--dial",
            paramLabel = "HOST:PORT",
            description = "Connect to this address, a CDN's edge for instance. Default: the URL's.")
    HostAndPort dial;

    @Option(
            names = "--handshake-timeout",
            paramLabel = "TIME",
            description = "For connect, TLS and upgrade together. Default: 15s.")
    Duration handshakeTimeout;

    @Option(
            names = "--server-first-wait",
            paramLabel = "TIME",
            description =
                    "With early data: upgrade without any when the local side was silent for this long; 0 waits for"
                            + " ever. Default: 300ms.")
    Duration serverFirstWait;

    @Option(
            names = "--no-server-first-learning",
            description = "With early data: forward waits for the local side each time. Default: it upgrades at once"
                    + " where the server spoke first last time.")
    boolean noServerFirstLearning;
}
