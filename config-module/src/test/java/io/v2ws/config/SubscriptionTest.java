package io.v2ws.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Share links in base64, as providers send them. */
class SubscriptionTest {
    private static final String LINKS = """
            ss://bm90OnJlYWQ=@192.0.2.9:1#other
            vless://topsecret@a.example:443?type=ws&security=tls&path=/a#first
            trojan://topsecret@b_c:444?type=ws&path=/b#m\u00fcnchen
            """;

    @TempDir
    Path folder;

    private static ConfigReading read(ConfigSource source, String tag) throws ConfigException {
        return Dialects.read(source, Optional.empty(), Optional.ofNullable(tag), TunnelEnd.CLIENT);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void aFileAndStandardInputAndATextAreReadInBothAlphabetsWrappedOrNot() throws Exception {
        for (Base64.Encoder encoder : List.of(
                Base64.getEncoder(),
                Base64.getMimeEncoder(),
                Base64.getUrlEncoder().withoutPadding())) {
            String base64 = encoder.encodeToString(bytes(LINKS));
            Path file = Files.writeString(folder.resolve("subscription.txt"), base64 + "\n");
            for (ConfigSource source : List.of(
                    ConfigSource.of(file.toString(), InputStream.nullInputStream()),
                    ConfigSource.of("-", new ByteArrayInputStream(bytes(base64))),
                    ConfigSource.of(base64, folder))) {
                ConfigReading reading = read(source, "m\u00fcnchen");
                assertThat(reading.tunnel().url().orElseThrow()).hasToString("wss://b_c:444");
                assertThat(reading.warnings())
                        .anySatisfy(line -> assertThat(line).contains("got ss://…", "(link 1, left out)"))
                        .allSatisfy(line -> assertThat(line).doesNotContain("topsecret"));
                assertThat(read(source, "first").tunnel().transport().path()).isEqualTo("/a");
            }
        }
    }

    @Test
    void withoutATagOneOfSeveralLinksIsNotChosen() throws Exception {
        Path file = Files.writeString(folder.resolve("s"), Base64.getEncoder().encodeToString(bytes(LINKS)));
        ConfigSource source = ConfigSource.of(file.toString(), InputStream.nullInputStream());
        assertThatThrownBy(() -> read(source, null))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("first")
                .satisfies(x -> assertThat(x.getMessage()).doesNotContain("topsecret"));
    }

    @Test
    void aTextThatOnlyLooksLikeBase64IsReadAsBefore() throws Exception {
        Path file = Files.writeString(folder.resolve("s"), "abcdefghijklmnopqrstuvwxyz");
        assertThatThrownBy(() -> read(ConfigSource.of(file.toString(), InputStream.nullInputStream()), null))
                .hasMessageContaining("expected a sing-box, Xray or Clash configuration");
    }
}
