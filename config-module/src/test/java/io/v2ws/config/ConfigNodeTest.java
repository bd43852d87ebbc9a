package io.v2ws.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.v2ws.internal.net.DurationText;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigNodeTest {
    @TempDir
    Path folder;

    @Test
    void everyValueKnowsLineColumnAndKeyPath() throws Exception {
        ConfigNode root = ConfigNode.parse("a.json", "{\n  \"list\": [ 1,\n   {\"x.y\": true} ]\n}");
        ConfigNode item = root.asObject().require("list", "a list").asList().get(1);
        ConfigNode deep = item.asObject().require("x.y", "a boolean");

        assertThat(root.keyPath()).isEmpty();
        assertThat(root.line()).isEqualTo(1);
        assertThat(item.keyPath()).isEqualTo("list[1]");
        assertThat(item.line()).isEqualTo(3);
        assertThat(item.column()).isEqualTo(4);
        assertThat(deep.keyPath()).isEqualTo("list[1][\"x.y\"]");
        assertThat(deep.column()).isEqualTo(12);
    }

    @Test
    void aWrongTypeSaysWhatWasExpectedAndWhatCame() throws Exception {
        ConfigNode root = ConfigNode.parse("a.json", "{\"s\": \"x\", \"n\": 1.5, \"o\": {}, \"l\": [1], \"z\": null}");
        ConfigObject object = root.asObject();

        assertMessage(() -> at(object, "s").asBoolean(), "a.json:1:7: s: expected true or false, got \"x\"");
        assertMessage(() -> at(object, "n").asString(), "a.json:1:17: n: expected a string, got the number 1.5");
        assertMessage(() -> at(object, "o").asList(), "a.json:1:27: o: expected a list, got an object");
        assertMessage(() -> at(object, "l").asObject(), "a.json:1:36: l: expected an object, got a list");
        assertMessage(() -> at(object, "l").asStrings(), "a.json:1:37: l[0]: expected a string, got the number 1");
        assertMessage(() -> at(object, "z").asString(), "a.json:1:46: z: expected it, got null");
        assertMessage(() -> at(object, "q").asString(), "a.json:1:1: q: expected it, got nothing");
    }

    @Test
    void nullCountsAsAbsent() throws Exception {
        assertThat(ConfigNode.parse("a", "{\"z\": null}").asObject().get("z")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.0", "1e3", "-1", "101", "99999999999999999999999", "\"5\"", "true"})
    void numbersThatAreNotWholeOrNotInRangeAreErrors(String json) throws Exception {
        ConfigNode node = ConfigNode.parse("a", json);

        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> node.asInt(0, 100))
                .withMessageStartingWith("a:1:1: expected a whole number from 0 to 100, got ");
    }

    @Test
    void numbersAtTheEndsOfTheRangeAreRead() throws Exception {
        assertThat(ConfigNode.parse("a", "0").asInt(0, 100)).isZero();
        assertThat(ConfigNode.parse("a", "2147483647").asInt(0, Integer.MAX_VALUE))
                .isEqualTo(Integer.MAX_VALUE);
        assertThat(ConfigNode.parse("a", "-5000000000").asLong(Long.MIN_VALUE, 0))
                .isEqualTo(-5_000_000_000L);
    }

    @Test
    void oneStringStandsForAListOfOne() throws Exception {
        assertThat(ConfigNode.parse("a", "\"x\"").asStrings()).containsExactly("x");
        assertThat(ConfigNode.parse("a", "[\"x\", \"y\"]").asStrings()).containsExactly("x", "y");
        assertThat(ConfigNode.parse("a", "[]").asStrings()).isEmpty();
    }

    @Test
    void commentsAreSkippedAsInSingBox() throws Exception {
        String json = "// a\n{ # b\n \"x\": /* c */ \"http://y#z\" }";

        assertThat(at(ConfigNode.parse("a", json).asObject(), "x").asString()).isEqualTo("http://y#z");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "``, 1, 1",
                "{, 1, 2",
                "`{\"a\": }`, 1, 7",
                "`{\"a\": 1,}`, 1, 9",
                "`{\"a\": 1} {}`, 1, 10",
                "`[1]]`, 1, 4",
                "`{'a': 1}`, 1, 2",
                "`\n\n [01]`, 3, 3",
                "`[NaN]`, 1, 5",
                "`[\n\"\\x\"]`, 2, 3",
                "`[\"a\nb\"]`, 1, 4",
                "`[1 2]`, 1, 4",
                "`/* never closed`, 1, 16",
            })
    void badSyntaxIsAnErrorWithLineAndColumn(String json, int line, int column) {
        ConfigException error =
                catchThrowableOfType(ConfigException.class, () -> ConfigNode.parse("a.json", json == null ? "" : json));

        assertThat(error).hasMessageStartingWith("a.json:" + error.line() + ":" + error.column() + ": expected ");
        assertThat(error.getMessage()).doesNotContain("\n", "Source", "Feature");
        assertThat(error.line()).isEqualTo(line);
        assertThat(error.column()).isBetween(column - 1, column + 1);
    }

    @Test
    void aDuplicateKeyIsAnErrorAtItsSecondPlace() {
        assertMessage(
                () -> ConfigNode.parse("a.json", "{\"o\": {\"k\": 1,\n  \"k\": 2}}"),
                "a.json:2:3: o.k: expected each key once, got it again; first on line 1");
    }

    @Test
    void textBehindTheValueIsAnErrorWhereItBegins() {
        assertMessage(
                () -> ConfigNode.parse("a.json", "{}\n  {}"),
                "a.json:2:3: expected the end of the text, got more after the value");
    }

    @Test
    void nestingMayBeOneHundredDeepAndNoDeeper() throws Exception {
        assertThat(ConfigNode.parse("a", "[".repeat(100) + "]".repeat(100)).asList())
                .hasSize(1);
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> ConfigNode.parse("a", "[".repeat(101) + "]".repeat(101)))
                .withMessageStartingWith("a:1:101: [0][0]")
                .withMessageEndingWith(": expected at most 100 levels of nesting, got more");
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> ConfigNode.parse("a", "{\"a\":".repeat(1_000_000)));
    }

    @Test
    void aFileMayHaveTenMegabytesAndNoMore() throws Exception {
        Path file = folder.resolve("big.json");
        byte[] text = ("\"" + "x".repeat(9_999_998) + "\"").getBytes(StandardCharsets.US_ASCII);
        Files.write(file, text);
        assertThat(ConfigNode.read(file).asString()).hasSize(9_999_998);

        Files.write(file, (new String(text, StandardCharsets.US_ASCII) + " ").getBytes(StandardCharsets.US_ASCII));
        assertMessage(() -> ConfigNode.read(file), file + ": expected at most 10 MB, got more");
        assertMessage(() -> ConfigNode.parse("a", " ".repeat(10_000_001)), "a: expected at most 10 MB, got more");
    }

    @Test
    void moreThanTwoHundredThousandValuesAreAnError() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> ConfigNode.parse("a", "[" + "0,".repeat(4_000_000) + "0]"))
                .withMessageEndingWith("expected at most 200000 values, got more");
    }

    @Test
    void monstrousNumbersAndNamesAreErrorsOfBoundedLength() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> ConfigNode.parse("a", "9".repeat(1_000_000)).asInt(0, 1))
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(500));
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> ConfigNode.parse("a", "{\"" + "k".repeat(1_000_000) + "\": 1}")
                        .asObject()
                        .rejectUnknownKeys("known"))
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(500));
    }

    @Test
    void wrongEncodingsAreErrorsWithLineAndColumn() throws Exception {
        Path file = folder.resolve("latin.json");
        Files.write(file, "{\n \"ä\": 1}".getBytes(StandardCharsets.ISO_8859_1));
        assertMessage(() -> ConfigNode.read(file), file + ":2:3: expected UTF-8 text, got bytes of another encoding");

        Files.write(file, "{}".getBytes(StandardCharsets.UTF_16));
        assertMessage(() -> ConfigNode.read(file), file + ":1:1: expected UTF-8 text, got UTF-16");

        Files.write(file, new byte[] {'"', (byte) 0xc3});
        assertMessage(() -> ConfigNode.read(file), file + ":1:2: expected UTF-8 text, got bytes of another encoding");
    }

    @Test
    void aByteOrderMarkIsSkipped() throws Exception {
        Path file = folder.resolve("bom.json");
        Files.writeString(file, "\uFEFF{\"a\": 1}");

        assertThat(at(ConfigNode.read(file).asObject(), "a").column()).isEqualTo(7);
    }

    @Test
    void halfASurrogatePairIsAnError() {
        assertMessage(
                () -> ConfigNode.parse("a", "{\"k\": \"\\ud800\"}"),
                "a:1:7: k: expected Unicode text, got half a surrogate pair");
    }

    @Test
    void aMissingFileOrAFolderIsAnErrorThatNamesIt() {
        Path missing = folder.resolve("missing.json");

        assertMessage(() -> ConfigNode.read(missing), missing + ": expected a readable file, got: no such file");
        assertMessage(() -> ConfigNode.read(folder), folder + ": expected a readable file, got: a directory");
    }

    @Test
    void unknownKeyIsAnErrorThatNamesKeyFileAndLine() throws Exception {
        ConfigObject object =
                ConfigNode.parse("a.json", "{\n \"maxEarlyDta\": 1}").asObject();

        assertMessage(
                () -> object.rejectUnknownKeys("path", "max_early_data"),
                "a.json:2:2: maxEarlyDta: expected a known key, got an unknown one; did you mean \"max_early_data\"?");
        assertMessage(
                () -> object.rejectUnknownKeys("path", "type"),
                "a.json:2:2: maxEarlyDta: expected a known key, got an unknown one; known here: path, type");
    }

    @Test
    void messagesStayOnOneLineWhateverTheFileHolds() throws Exception {
        ConfigObject object =
                ConfigNode.parse("a", "{\"k\\n\\u202e\": \"v\\r\\u001b[31m\"}").asObject();

        assertMessage(
                () -> at(object, "k\n\u202e").asBoolean(),
                "a:1:15: [\"k\\u000a\\u202e\"]: expected true or false, got \"v\\u000d\\u001b[31m\"");
    }

    @Test
    void damagedTextNeverThrowsAnythingButConfigException() {
        Random random = new Random(7);
        String valid = "{\"a\": [1, 2.5e3, \"x\\u00e4\\n\", null, true], \"b\": {\"c\": {}}, \"d\": -0}";
        for (int round = 0; round < 20_000; round++) {
            StringBuilder text = new StringBuilder(valid);
            for (int damage = random.nextInt(4); damage >= 0; damage--) {
                int at = random.nextInt(text.length());
                switch (random.nextInt(3)) {
                    case 0 -> text.deleteCharAt(at);
                    case 1 -> text.setCharAt(at, (char) random.nextInt(0x100));
                    default -> text.insert(at, "{}[]\",:\\0/#\u0000\ud800".charAt(random.nextInt(13)));
                }
            }
            try {
                ConfigNode.parse("a", text.toString());
            } catch (ConfigException e) {
                assertThat(e.line()).isPositive();
                assertThat(e.column()).isPositive();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "5s, PT5S",
        "300ms, PT0.3S",
        "1m30s, PT1M30S",
        "1h, PT1H",
        "1.5s, PT1.5S",
        ".5m, PT30S",
        "2.s, PT2S",
        "1d, PT24H",
        "7us, PT0.000007S",
        "7\u00b5s, PT0.000007S",
        "7\u03bcs, PT0.000007S",
        "1ns, PT0.000000001S",
        "0.9ns, PT0S",
        "0, PT0S",
        "-1.5h, PT-1H-30M",
        "+1s, PT1S",
        "9223372036854775807ns, PT2562047H47M16.854775807S",
    })
    void durationsAreReadAsGoReadsThem(String text, Duration expected) throws Exception {
        assertThat(ConfigNode.parse("a", '"' + text + '"').asDuration()).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "s", "5x", "5 s", "5s ", "1..5s", "5sm", "-", "--5s", "1,5s", ".s", "106752d", "5S"})
    void badDurationsAreErrors(String text) throws Exception {
        ConfigNode node = ConfigNode.parse("a", '"' + text + '"');

        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(node::asDuration)
                .withMessageStartingWith("a:1:1: expected ")
                .withMessageEndingWith(", got \"" + text + '"');
    }

    @Test
    void aBareNumberIsAnErrorThatSaysWhichUnitIsMissing() throws Exception {
        ConfigNode number = ConfigNode.parse("a", "5");
        ConfigNode text = ConfigNode.parse("a", "\"1m5\"");

        assertMessage(
                number::asDuration,
                "a:1:1: expected a duration with its unit such as \"5s\" or \"5ms\", got the number 5");
        assertMessage(
                text::asDuration,
                "a:1:1: expected a unit (d, h, m, s, ms, us, ns) behind each number, such as \"5s\", got \"1m5\"");
    }

    @Test
    void everyFormattedDurationIsReadBack() {
        Random random = new Random(11);
        for (int round = 0; round < 1_000; round++) {
            Duration duration = Duration.ofNanos(random.nextLong() >>> (1 + random.nextInt(63)));
            assertThat(DurationText.parse(DurationText.format(duration))).isEqualTo(duration);
        }
        assertThat(DurationText.format(Duration.ofMillis(90_500))).isEqualTo("1m30s500ms");
        assertThat(DurationText.format(Duration.ofDays(2))).isEqualTo("48h");
    }

    private static ConfigNode at(ConfigObject object, String key) throws ConfigException {
        return object.require(key, "it");
    }

    private static void assertMessage(ThrowingCallable call, String message) {
        assertThatExceptionOfType(ConfigException.class).isThrownBy(call).withMessage(message);
    }
}
