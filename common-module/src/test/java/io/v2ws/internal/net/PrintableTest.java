package io.v2ws.internal.net;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrintableTest {

    @Test
    void ordinaryTextStaysAsItIs() {
        String text = "GET /t\u00fcnnel \u4e16\u754c \ud83d\ude00 ~!\"\\";
        assertThat(Printable.escape(text)).isEqualTo(text);
        assertThat(Printable.escape("")).isEmpty();
    }

    @Test
    void whatBreaksReordersOrColoursALineIsEscaped() {
        assertThat(Printable.escape("a\r\nb\tc\0d\u001be\u007ff\u009b"))
                .isEqualTo("a\\u000d\\u000ab\\u0009c\\u0000d\\u001be\\u007ff\\u009b");
        assertThat(Printable.escape("\u202e\u200b\u2066\ufeff\u2028\u2029"))
                .isEqualTo("\\u202e\\u200b\\u2066\\ufeff\\u2028\\u2029");
        assertThat(Printable.escape("\ud83d!")).isEqualTo("\\ud83d!");
    }

    @Test
    void longTextIsCutBehind80Characters() {
        assertThat(Printable.shortened("x".repeat(80))).isEqualTo("x".repeat(80));
        assertThat(Printable.shortened("x".repeat(81))).isEqualTo("x".repeat(80) + "\u2026");
        assertThat(Printable.quoted("a\n")).isEqualTo("\"a\\u000a\"");
        assertThat(Printable.quoted("x".repeat(1_000_000))).hasSize(83);
    }
}
