package io.v2ws.internal.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerNameTest {
    @ParameterizedTest
    @CsvSource({
        "example.org, example.org",
        "EXAMPLE.org., EXAMPLE.org",
        "localhost, localhost",
        "a_b.example, a_b.example",
        "b\u00fccher.example, xn--bcher-kva.example",
        "192.0.2.1, 192.0.2.1",
        "2001:db8::1, 2001:db8::1",
    })
    void aNameIsReturnedInAsciiAndAnAddressAsItIs(String text, String name) {
        assertThat(ServerName.parse(text)).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "a,b", "a b", "*.example", "-a", "a..b", ".a", "a:443", "a/", "a@b", "a\u0000"})
    void whatCannotBeANameIsRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ServerName.parse(text))
                .withMessageStartingWith("expected a host name without a port, such as \"example.org\", got \"");
    }

    @Test
    void aNameHasLabelsOf63CharactersAndNoMoreThan253Altogether() {
        String label = "a".repeat(63);
        assertThat(ServerName.parse(label + ".b")).isNotEmpty();
        assertThatIllegalArgumentException().isThrownBy(() -> ServerName.parse(label + "a.b"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ServerName.parse(String.join(".", label, label, label, label)));
    }
}
