package io.v2ws.internal.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationTextTest {

    @ParameterizedTest
    @CsvSource({
        "0,PT0S",
        "0s,PT0S",
        "5s,PT5S",
        "1m30s,PT1M30S",
        "1.5h,PT1H30M",
        ".5s,PT0.5S",
        "1.s,PT1S",
        "300ms,PT0.3S",
        "1us,PT0.000001S",
        "1\u00b5s,PT0.000001S",
        "1\u03bcs,PT0.000001S",
        "1ns,PT0.000000001S",
        "0.5ns,PT0S",
        "1d,PT24H",
        "1d2h3m4s5ms,PT26H3M4.005S",
        "1s1s,PT2S",
        "+5s,PT5S",
        "-5s,PT-5S",
        "2562047h47m16.854775807s,PT2562047H47M16.854775807S"
    })
    void goSyntaxAndDaysAreRead(String text, Duration expected) {
        assertThat(DurationText.parse(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-",
                "+",
                "5",
                "s",
                "5 s",
                " 5s",
                "5s ",
                "5x",
                "5sec",
                "5S",
                "1.5.5s",
                ".s",
                ".",
                "--5s",
                "1m-30s",
                "1e3s",
                "1w",
                "2562047h47m16.854775808s",
                "99999999999999999999h",
                "\u0661s"
            })
    void anythingElseIsRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DurationText.parse(text))
                .withMessageStartingWith("expected ");
    }

    @Test
    void anEndlessNumberIsRefusedQuickly() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DurationText.parse("9".repeat(1_000_000) + "s"))
                .satisfies(x -> assertThat(x.getMessage().length()).isLessThan(200));
    }

    @ParameterizedTest
    @CsvSource({
        "PT0S,0s",
        "PT5S,5s",
        "PT1M30S,1m30s",
        "P1D,24h",
        "PT0.3S,300ms",
        "PT0.000001S,1us",
        "PT1.000000001S,1s1ns"
    })
    void aDurationIsWrittenAsItIsRead(Duration duration, String expected) {
        assertThat(DurationText.format(duration)).isEqualTo(expected);
        assertThat(DurationText.parse(expected)).isEqualTo(duration);
    }

    @Test
    void aDurationThatGoCannotHoldIsNotWritten() {
        assertThatIllegalArgumentException().isThrownBy(() -> DurationText.format(Duration.ofNanos(-1)));
        assertThatIllegalArgumentException().isThrownBy(() -> DurationText.format(Duration.ofDays(110_000)));
        assertThat(DurationText.parse(DurationText.format(Duration.ofNanos(Long.MAX_VALUE))))
                .isEqualTo(Duration.ofNanos(Long.MAX_VALUE));
    }
}
