package io.v2ws.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EarlyDataQueryTest {
    @ParameterizedTest
    @CsvSource({
        "/a?ed=2048, /a, 2048",
        "/a?ed=0, /a, 0",
        "/a?z=1&ed=5&b=%2f&a, /a?z=1&b=%2f&a, 5",
        "/a?ed=5&z=+&y, /a?z=+&y, 5",
        "/a?&ed=5, /a?, 5",
        "/a?e%64=5&%65d=6, /a, 5",
        "/a?ed=2147483647, /a, 2147483647",
        "/a??ed=5, /a??ed=5, ",
        "/a?x=?ed=5, /a?x=?ed=5, ",
        "/a?ed=, /a?ed=, ",
        "/a?ed, /a?ed, ",
        "/a?ED=5, /a?ED=5, ",
        "/a?red=5, /a?red=5, ",
        "/a/ed=5, /a/ed=5, ",
        "/a%3Fed=5, /a%3Fed=5, ",
        "/a, /a, ",
    })
    void theNumberIsTakenOutAndTheRestOfTheQueryKeepsItsOrderAndBytes(String path, String rest, Integer bytes) {
        EarlyDataQuery taken = EarlyDataQuery.take(path);

        assertThat(taken.path()).isEqualTo(rest);
        assertThat(taken.bytes().isPresent() ? (Integer) taken.bytes().getAsInt() : null)
                .isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a?ed=x", "/a?ed=-1", "/a?ed=2147483648", "/a?ed=99999999999999999999", "/a?ed=1.5"})
    void whatIsNoNumberIsAnError(String path) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EarlyDataQuery.take(path))
                .withMessageStartingWith("expected ?ed=N with N from 0 to 2147483647, got ");
        assertThat(EarlyDataQuery.isIn(path)).isTrue();
    }

    @Test
    void whatIsPutIsTakenAgain() {
        for (String path : new String[] {"/", "/a?b=c", "/a?", "/a?b&"}) {
            assertThat(EarlyDataQuery.take(EarlyDataQuery.put(path, 7)).path()).isEqualTo(path);
            assertThat(EarlyDataQuery.take(EarlyDataQuery.put(path, 7)).bytes()).hasValue(7);
        }
    }
}
