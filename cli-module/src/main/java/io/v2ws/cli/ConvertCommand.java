package io.v2ws.cli;

import io.v2ws.HostAndPort;
import io.v2ws.config.Account;
import io.v2ws.config.ConfigException;
import io.v2ws.config.ConfigPrint;
import io.v2ws.config.ConfigReading;
import io.v2ws.config.ConfigSource;
import io.v2ws.config.Dialect;
import io.v2ws.config.Dialects;
import io.v2ws.config.TlsConfig;
import io.v2ws.config.TunnelConfig;
import io.v2ws.config.TunnelEnd;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code v2ws convert}: translates a tunnel into the configuration of another program. */
@Command(
        name = "convert",
        mixinStandardHelpOptions = true,
        versionProvider = VersionText.class,
        sortOptions = false,
        customSynopsis = "v2ws convert --to=DIALECT [OPTIONS] FILE|LINK|-",
        description = {
            "Reads a WebSocket transport as one program writes it, and prints it as another reads it. What comes"
                    + " with it"
                    + " (server, TLS, account) is kept: an outbound becomes an outbound, a transport a transport.",
            "Says on standard error what the other program cannot express, and what was not taken over."
        },
        parameterListHeading = "%nArguments:%n",
        optionListHeading = "%nOptions:%n",
        footer = {
            "",
            "Examples:",
            "  v2ws convert --to sing-box 'vless://…'       (a link needs its quotes)",
            "  v2ws convert --to link --tag proxy config.json",
            "  v2ws convert --to link --server a.example:443 --tls --vless UUID ws.json",
            "Links and accounts are secrets: what is printed is to be kept like a password."
        })
final class ConvertCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "FILE|LINK|-",
            description =
                    "A file of sing-box, Xray, v2ray, Clash or mihomo, a share link (vless, trojan, vmess), or - for"
                            + " standard input. Required.")
    private String source;

    @Option(
            names = "--to",
            paramLabel = "DIALECT",
            required = true,
            description = "What to print: sing-box, xray, clash or link. Required.")
    private Dialect to;

    @Option(
            names = "--from",
            paramLabel = "DIALECT",
            description = "What to read: sing-box, xray, clash or link. Default: found out from the text.")
    private Dialect from;

    @Option(
            names = "--tag",
            paramLabel = "NAME",
            description =
                    "Which tunnel: the tag of an inbound or outbound, or the name of a proxy or link. Default: the"
                            + " only WebSocket there.")
    private String tag;

    @Option(
            names = "--transport-only",
            description = "Print the transport without server, TLS and account. Default: all there is.")
    private boolean transportOnly;

    @ArgGroup(validate = false, heading = "%nWhat the source lacks, or what is to replace it:%n")
    private final Given given = new Given();

    /** Values that the user adds. */
    private static final class Given {
        @Option(names = "--server", paramLabel = "HOST:PORT", description = "The server. Default: the source's.")
        private HostAndPort server;

        @Option(names = "--tls", description = "Speak TLS with it. Default: as the source does.")
        private boolean tls;

        @Option(
                names = "--server-name",
                paramLabel = "NAME",
                description = "Name to ask for in TLS; implies --tls. Default: the source's.")
        private String serverName;

        @Option(names = "--name", paramLabel = "NAME", description = "Name or tag to give it. Default: the source's.")
        private String name;

        @Option(names = "--vless", paramLabel = "UUID", description = "Account. Default: the source's.")
        private String vless;

        @Option(names = "--vmess", paramLabel = "UUID", description = "Account. Default: the source's.")
        private String vmess;

        @Option(names = "--trojan", paramLabel = "PASSWORD", description = "Account. Default: the source's.")
        private String trojan;
    }

    @Override
    public Integer call() {
        try {
            ConfigReading reading = Dialects.read(
                    ConfigSource.of(source, System.in),
                    Optional.ofNullable(from),
                    Optional.ofNullable(tag),
                    TunnelEnd.CLIENT);
            TunnelConfig tunnel = completed(reading.tunnel());
            requireComplete(tunnel);
            ConfigPrint print =
                    Dialects.print(transportOnly ? tunnel.transportOnly() : tunnel, to, !isUnicodeTerminal());
            reading.warnings().forEach(warning -> Logs.say("warning: %s", warning));
            sayWhatIsLeftOut(tunnel);
            print.lost().forEach(lost -> Logs.say("warning: %s", lost));
            spec.commandLine().getOut().print(print.text());
            spec.commandLine().getOut().flush();
            return 0;
        } catch (ConfigException | IllegalArgumentException x) {
            throw Failures.usage(spec, x);
        }
    }

    private TunnelConfig completed(TunnelConfig read) {
        TunnelConfig tunnel = read;
        if (given.server != null) {
            tunnel = tunnel.withServer(given.server);
        }
        if (given.serverName != null || (given.tls && tunnel.tls().isEmpty())) {
            TlsConfig tls = tunnel.tls().orElse(TlsConfig.of(Optional.empty()));
            tunnel = tunnel.withTls(given.serverName == null ? tls : tls.withServerName(given.serverName));
        }
        if (given.name != null) {
            tunnel = tunnel.withName(given.name);
        }
        Optional<Account> account = account();
        return account.isPresent() ? tunnel.withAccount(account.get()) : tunnel;
    }

    private Optional<Account> account() {
        Account account = null;
        int accounts = 0;
        for (Account.Protocol protocol : Account.Protocol.values()) {
            String secret = switch (protocol) {
                case VLESS -> given.vless;
                case TROJAN -> given.trojan;
                case VMESS -> given.vmess;
            };
            if (secret != null) {
                if (secret.isBlank()) {
                    throw new IllegalArgumentException("--" + protocol + ": expected a text that is not empty");
                }
                account = Account.of(protocol, secret);
                accounts++;
            }
        }
        if (accounts > 1) {
            throw new IllegalArgumentException("--vless, --vmess, --trojan: expected one of them");
        }
        return Optional.ofNullable(account);
    }

    private void requireComplete(TunnelConfig tunnel) {
        if (to != Dialect.LINK) {
            return;
        }
        if (transportOnly) {
            throw new IllegalArgumentException("--transport-only: a link always has a server and an account");
        }
        String server = tunnel.server().isPresent() ? "" : " a server (--server HOST:PORT, with TLS --tls)";
        String account =
                tunnel.account().isPresent() ? "" : " an account (--vless UUID, --trojan PASSWORD or --vmess UUID)";
        String and = server.isEmpty() || account.isEmpty() ? "" : " and";
        if (!tunnel.isComplete()) {
            throw new IllegalArgumentException("a link needs" + server + and + account + ", which the source has not");
        }
    }

    private void sayWhatIsLeftOut(TunnelConfig tunnel) {
        if (transportOnly || tunnel.isComplete()) {
            return;
        }
        if (tunnel.server().isPresent()) {
            Logs.say("warning: the transport only: no account is known (--vless, --trojan or --vmess gives one)");
        } else if (tunnel.account().isPresent() || tunnel.inbound().isPresent()) {
            Logs.say("warning: the transport only: no server is known (--server HOST:PORT gives one)");
        }
    }

    private static boolean isUnicodeTerminal() {
        return Charset.defaultCharset().equals(StandardCharsets.UTF_8);
    }
}
