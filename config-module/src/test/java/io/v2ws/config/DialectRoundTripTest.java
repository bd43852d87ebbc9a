package io.v2ws.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.v2ws.HostAndPort;
import io.v2ws.WebSocketTransportOptions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a dialect writes it reads back as the same, for generated tunnels of what it can express. */
class DialectRoundTripTest {
    private static final int ROUNDS = 2_000;
    private static final String WEIRD = "aZ09-_.~!*'();:@&=+$,/?#[]%\"\\ {}<>|^`\u00e4\u20ac\ud83d\ude00\n\t";

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void aWholeTunnelIsReadBackAsItWasPrinted(Dialect dialect) throws Exception {
        Random random = new Random(17);
        for (int round = 0; round < ROUNDS; round++) {
            TunnelConfig tunnel = tunnel(random, dialect);
            ConfigPrint print = Dialects.print(tunnel, dialect, random.nextBoolean());

            assertThat(read(print.text(), Optional.empty())).as(print.text()).isEqualTo(tunnel);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Dialect.class,
            names = {"SING_BOX", "XRAY", "CLASH"})
    void aTransportAloneIsReadBackAsItWasPrinted(Dialect dialect) throws Exception {
        Random random = new Random(18);
        for (int round = 0; round < ROUNDS; round++) {
            TunnelConfig transport = tunnel(random, dialect).transportOnly();
            String text =
                    Dialects.print(transport, dialect, random.nextBoolean()).text();

            assertThat(read(text, Optional.empty())).as(text).isEqualTo(transport);
        }
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void whatIsNotNamedAsLostIsReadBackFromEveryOtherDialect(Dialect to) throws Exception {
        Random random = new Random(19);
        int whole = 0;
        for (int round = 0; round < ROUNDS; round++) {
            Dialect from = Dialect.values()[random.nextInt(Dialect.values().length)];
            TunnelConfig tunnel = tunnel(random, from).withName("n" + round);
            ConfigPrint print = Dialects.print(tunnel, to, false);
            if (print.lost().isEmpty()) {
                assertThat(read(print.text(), Optional.empty()))
                        .as(print.text())
                        .isEqualTo(tunnel);
                whole++;
            }
        }
        assertThat(whole).isGreaterThan(ROUNDS / 5);
    }

    private static TunnelConfig read(String text, Optional<Dialect> dialect) throws ConfigException {
        return Dialects.read(ConfigSource.ofText("t", text), dialect, Optional.empty(), TunnelEnd.CLIENT)
                .tunnel();
    }

    private static TunnelConfig tunnel(Random random, Dialect dialect) {
        Account.Protocol protocol = Account.Protocol.values()[random.nextInt(3)];
        HostAndPort server = new HostAndPort(host(random), 1 + random.nextInt(65_535));
        Optional<TlsConfig> tls = tls(random, protocol, dialect);
        boolean heartbeat = dialect == Dialect.XRAY && random.nextBoolean();
        WebSocketTransportOptions options = options(random, dialect, protocol, tls.isPresent());
        if (heartbeat) {
            options = options.toBuilder()
                    .pingInterval(Duration.ofSeconds(random.nextInt(4) == 0 ? 0 : random.nextInt() >>> 1))
                    .build();
        }
        String name = text(random, WEIRD.replace("\n", "").replace("\t", ""));
        return new TunnelConfig(
                // Clash does without no name.
                dialect == Dialect.CLASH && name.isEmpty() ? "n" : name,
                options,
                Optional.of(server),
                tls,
                Optional.of(account(random, protocol, dialect)),
                Optional.empty(),
                heartbeat ? Set.of("ping_interval") : Set.of());
    }

    private static WebSocketTransportOptions options(
            Random random, Dialect dialect, Account.Protocol protocol, boolean secure) {
        WebSocketTransportOptions.Builder builder =
                WebSocketTransportOptions.builder().path(path(random));
        // Said always with TLS: else the name of TLS stands in for it.
        if (secure || random.nextBoolean()) {
            builder.header("Host", random.nextBoolean() ? "h.example" : "h.example:8443");
        }
        boolean link = dialect == Dialect.LINK;
        for (int i = link ? 0 : random.nextInt(3); i > 0; i--) {
            String value = text(random, WEIRD.replace("\n", ""));
            boolean more = dialect == Dialect.SING_BOX && random.nextBoolean();
            builder.header("X" + i, more ? List.of(value, "2") : List.of(value));
        }
        boolean pathMode = !link && random.nextInt(3) == 0;
        boolean otherHeader = random.nextInt(3) == 0 && !(link && protocol == Account.Protocol.VMESS);
        if (random.nextInt(3) > 0) {
            builder.maxEarlyData(1 + (random.nextInt() >>> 1) % 5000);
            builder.earlyDataHeaderName(
                    pathMode ? "" : otherHeader ? "Early" : WebSocketTransportOptions.SEC_WEBSOCKET_PROTOCOL);
        }
        return builder.build();
    }

    private static Optional<TlsConfig> tls(Random random, Account.Protocol protocol, Dialect dialect) {
        boolean always = protocol == Account.Protocol.TROJAN && dialect == Dialect.CLASH;
        if (!always && random.nextInt(3) == 0) {
            return Optional.empty();
        }
        boolean pinned = dialect != Dialect.SING_BOX && random.nextBoolean();
        boolean namesVerified =
                dialect == Dialect.XRAY || (dialect == Dialect.LINK && protocol != Account.Protocol.VMESS);
        return Optional.of(new TlsConfig(
                // Clash and links take the host where no name is said, so they always say one.
                Optional.of("s.example"),
                // Xray has no such key any more.
                dialect != Dialect.XRAY && random.nextBoolean(),
                random.nextBoolean() ? List.of("h2", "http/1.1") : List.of(),
                random.nextBoolean() ? Optional.of("chrome") : Optional.empty(),
                !pinned
                        ? List.of()
                        : dialect == Dialect.CLASH
                                ? List.of("0f".repeat(32))
                                : List.of("0f".repeat(32), "a1".repeat(32)),
                namesVerified && random.nextBoolean() ? List.of("a.example", "b.example") : List.of()));
    }

    private static Account account(Random random, Account.Protocol protocol, Dialect dialect) {
        String secret = "s" + text(random, WEIRD.replace("\n", "").replace("\t", ""));
        Account account = Account.of(protocol, secret);
        return switch (protocol) {
            case TROJAN -> account;
            case VLESS ->
                account.withFlow(random.nextBoolean() ? "" : "xtls-rprx-vision")
                        .withCipher(random.nextBoolean() || dialect == Dialect.SING_BOX ? "" : "mlkem");
            case VMESS ->
                account.withCipher(random.nextBoolean() ? "" : "aes-128-gcm").withAlterId(random.nextInt(2) * 64);
        };
    }

    private static String path(Random random) {
        String path = "/" + text(random, "ab0-._~!$&'()*+,;=:@/%\u00e4");
        String query =
                random.nextInt(3) > 0 ? "" : "?" + text(random, "ab=&;%2?/+").replaceAll("(?i)(e|%65)(d|%64)", "");
        return path + query;
    }

    private static String host(Random random) {
        return List.of("s.example", "192.0.2.1", "2001:db8::1", "xn--4ca.example")
                .get(random.nextInt(4));
    }

    private static String text(Random random, String alphabet) {
        int[] letters = alphabet.codePoints().toArray();
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(12); i > 0; i--) {
            text.appendCodePoint(letters[random.nextInt(letters.length)]);
        }
        return text.toString();
    }
}
