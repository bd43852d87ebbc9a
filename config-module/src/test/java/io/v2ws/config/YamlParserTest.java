package io.v2ws.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class YamlParserTest {
    @Test
    void plainWordsAreWhatTheCoreSchemaSays() throws Exception {
        ConfigObject object = parse("""
                text: a b
                quoted: "1"
                number: 0x1F
                yes: yes
                on: true
                nothing: ~
                block: |
                  x
                tagged: !!str 5
                """).asObject();

        assertThat(object.require("text", "").asString()).isEqualTo("a b");
        assertThat(object.require("quoted", "").asString()).isEqualTo("1");
        assertThat(object.require("number", "").numberText()).hasValue("0x1F");
        assertThat(object.require("yes", "").asString()).isEqualTo("yes");
        assertThat(object.require("on", "").asBoolean()).isTrue();
        assertThat(object.get("nothing")).isEmpty();
        assertThat(object.require("block", "").asString()).isEqualTo("x\\n".translateEscapes());
        assertThat(object.require("tagged", "").asString()).isEqualTo("5");
    }

    @Test
    void aliasesAndMergesAreReadAndWhatStandsInTheObjectWins() throws Exception {
        ConfigObject object = parse("""
                base: &base {a: 1, b: 2}
                other: &other {b: 3, c: 4}
                use: {<<: [*base, *other], a: 9}
                list: [*base]
                """).asObject();
        ConfigObject use = object.require("use", "").asObject();

        assertThat(use.require("a", "").asInt(0, 9)).isEqualTo(9);
        assertThat(use.require("b", "").asInt(0, 9)).isEqualTo(2);
        assertThat(use.require("c", "").asInt(0, 9)).isEqualTo(4);
        assertThat(object.require("list", "").asList().get(0).keyPath()).isEqualTo("list[0]");
    }

    @Test
    void everyValueKnowsLineColumnAndKeyPath() throws Exception {
        ConfigNode node = parse("a:\\n  - b: x\\n    c: y".translateEscapes());
        ConfigNode c =
                node.asObject().require("a", "").asList().get(0).asObject().require("c", "");

        assertThat(c.keyPath()).isEqualTo("a[0].c");
        assertThat(c.line()).isEqualTo(3);
        assertThat(c.column()).isEqualTo(8);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "a: 1\\na: 2|t:2:1: a: expected each key once, got it again; first on line 1",
                "a: *b|t:1:4: a: expected an alias of what stands before it, got one of nothing",
                "a: &b [*b]|t:1:8: a[0]: expected an alias of what stands before it, got one of nothing",
                "a: !!binary eA==|t:1:4: a: expected a value without a tag, got one with a tag (!)",
                "!foo {a: b}|t:1:1: expected a value without a tag, got one with a tag (!)",
                "[a]: b|t:1:1: expected a text as key, got another",
                "a: 1\\n---\\nb: 2|t:2:1: expected one YAML document, got another",
                "<<: 5|t:1:5: [\"<<\"]: expected an object, got the number 5",
                "a: \"\\\\ud800\"|t:1:4: a: expected Unicode text, got half a surrogate pair",
                "# nothing|t:1:1: expected a YAML value, got an empty text",
            })
    void whatIsNotReadIsAnErrorWithLineAndColumn(String yaml, String message) {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> parse(yaml.translateEscapes()))
                .withMessage(message);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "\\ta: 1|1",
                "a: 1\\n b: 2|2",
                "a: [1|1",
                "a: 'x|1",
                "a: @b|1",
                "\\n{a|2",
                "a: \"\\\\y\"|1",
                "%YAML 9.9\\n--- a|1"
            })
    void badSyntaxIsAnErrorWithLineAndColumn(String yaml, int line) {
        ConfigException error = catchThrowableOfType(ConfigException.class, () -> parse(yaml.translateEscapes()));

        assertThat(error.getMessage())
                .startsWith("t:")
                .contains("expected YAML, got")
                .doesNotContain("\n");
        assertThat(error.line()).isEqualTo(line);
        assertThat(error.column()).isPositive();
    }

    @Test
    @Timeout(60)
    void bombsAreErrorsOrHarmless() throws Exception {
        StringBuilder laughs = new StringBuilder("a: &a [x,x,x,x,x,x,x,x,x]\n");
        for (char c = 'b'; c <= 'z'; c++) {
            char before = (char) (c - 1);
            laughs.append(c)
                    .append(": &")
                    .append(c)
                    .append(" [")
                    .append(("*" + before + ",").repeat(9))
                    .append("]\n");
        }
        assertThat(parse(laughs.toString()).asObject().keys()).hasSize(26);

        StringBuilder merges = new StringBuilder("m: &m {");
        for (int i = 0; i < 1_000; i++) {
            merges.append('k').append(i).append(": 1,");
        }
        merges.append("}\n");
        for (int i = 0; i < 1_000; i++) {
            merges.append('x').append(i).append(": {<<: *m}\n");
        }
        assertBomb(merges.toString(), "expected at most 200000 values, got more");
        assertBomb("[".repeat(100_000), "expected at most 100 levels of nesting, got more");
        assertBomb("{a: ".repeat(100_000), "expected at most 100 levels of nesting, got more");
        assertBomb("- ".repeat(100_000) + "x", "expected at most 100 levels of nesting, got more");
        assertBomb("- x\n".repeat(2_000_000), "expected at most 200000 values, got more");
        assertBomb("? ".repeat(100_000), "expected a text as key, got another");
        assertBomb("'" + "x".repeat(5_000_000), "expected YAML, got: found unexpected end of stream");
    }

    @Test
    @Timeout(60)
    void aWordOfMegabytesIsReadInTimeThatGrowsWithItsLength() throws Exception {
        assertThat(parse("x".repeat(9_900_000)).asString()).hasSize(9_900_000);
        assertThat(parse("\"" + "x ".repeat(2_500_000) + "\"").asString()).hasSize(5_000_000);
        assertThat(parse("|-\n " + "x".repeat(5_000_000)).asString()).hasSize(5_000_000);
    }

    @Test
    void damagedTextNeverThrowsAnythingButConfigException() {
        Random random = new Random(7);
        String valid =
                "a: &x [1, 'b', \"c\\n\"]\nd:\n  - e: *x\n    f: |\n      g\n  - {<<: {h: i}, j: ~}\n? k\n: !!str l\n";
        for (int round = 0; round < 20_000; round++) {
            StringBuilder text = new StringBuilder(valid);
            for (int damage = random.nextInt(4); damage >= 0; damage--) {
                int at = random.nextInt(text.length());
                switch (random.nextInt(3)) {
                    case 0 -> text.deleteCharAt(at);
                    case 1 -> text.setCharAt(at, (char) random.nextInt(0x100));
                    default -> text.insert(at, "{}[]\",:\\0/#\u0000\ud800&*!|>%@`?- \n\t".charAt(random.nextInt(25)));
                }
            }
            try {
                parse(text.toString());
            } catch (ConfigException e) {
                assertThat(e.getMessage()).startsWith("t:").doesNotContain("\n");
            }
        }
    }

    private static void assertBomb(String yaml, String message) {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> parse(yaml))
                .withMessageEndingWith(message)
                .satisfies(e -> assertThat(e.line()).isPositive());
    }

    private static ConfigNode parse(String yaml) throws ConfigException {
        return YamlParser.parse("t", yaml);
    }
}
