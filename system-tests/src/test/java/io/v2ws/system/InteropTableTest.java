package io.v2ws.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.v2ws.WebSocketEngine;
import io.v2ws.testing.peers.EarlyDataMode;
import io.v2ws.testing.peers.Link;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table that the system tests write; it needs none of their peers. */
class InteropTableTest {
    private static final Row FIRST = new Row("a", "v2ws serve", "direct", "none", "no", "vless");
    private static final Row SECOND = new Row("a", "v2ws serve", "jetty", "none", "no", "vless");
    private static final Row THIRD = new Row("b", "v2ws forward", "direct", "none", "yes", "vless");

    private static String document(String... lines) {
        return Stream.of(
                        List.of("# Title", "", "By hand.", InteropTable.BEGIN),
                        List.of(lines),
                        List.of(InteropTable.END))
                .flatMap(List::stream)
                .collect(Collectors.joining("\n", "", "\nAnd more.\n"));
    }

    private static List<String> rows(String document) {
        return document.lines().filter(line -> Row.parse(line) != null).skip(2).toList();
    }

    @Test
    void rowsComeInTheOrderOfTheMatrix() {
        String updated = InteropTable.update(
                document(),
                List.of(FIRST, SECOND, THIRD),
                Map.of(THIRD, THIRD.line("1", "ok"), FIRST, FIRST.line("1", "ok"), SECOND, SECOND.line("1", "ok")));
        assertThat(rows(updated)).containsExactly(FIRST.line("1", "ok"), SECOND.line("1", "ok"), THIRD.line("1", "ok"));
    }

    @Test
    void rowsThatWereNotTestedStayAndUnknownOnesGo() {
        String old = document(FIRST.line("1", "ok"), SECOND.line("1", "ok"), THIRD.line("1", "ok"));
        String updated = InteropTable.update(old, List.of(FIRST, THIRD), Map.of(THIRD, THIRD.line("2", "failed")));
        assertThat(rows(updated)).containsExactly(FIRST.line("1", "ok"), THIRD.line("2", "failed"));
    }

    @Test
    void whatIsWrittenByHandStays() {
        String updated = InteropTable.update(document(), List.of(FIRST), Map.of(FIRST, FIRST.line("1", "ok")));
        assertThat(updated).startsWith("# Title\n\nBy hand.\n").endsWith("\nAnd more.\n");
    }

    @Test
    void theSameResultsGiveTheSameDocument() {
        Map<Row, String> tested = Map.of(FIRST, FIRST.line("1", "ok"));
        String once = InteropTable.update(document(), List.of(FIRST), tested);
        assertThat(InteropTable.update(once, List.of(FIRST), tested)).isEqualTo(once);
    }

    @Test
    void withoutVersionsOnlyOtherDifferencesAreSeen() {
        String document = document(FIRST.line("1", "ok"));
        assertThat(InteropTable.withoutVersions(document))
                .isEqualTo(InteropTable.withoutVersions(document(FIRST.line("2", "ok"))))
                .isNotEqualTo(InteropTable.withoutVersions(document(FIRST.line("1", "failed"))))
                .isNotEqualTo(InteropTable.withoutVersions(document(SECOND.line("1", "ok"))));
    }

    @Test
    void aDocumentWithoutTheCommentsIsRefused() {
        assertThatThrownBy(() -> InteropTable.update("# Title\n", List.of(), Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(InteropTable.BEGIN);
    }

    @Test
    void everyRoleOfOursIsTestedInEveryModeWithAndWithoutTls() {
        for (OurEnd end : List.of(OurEnd.SERVE, OurEnd.FORWARD)) {
            for (EarlyDataMode mode : EarlyDataMode.values()) {
                assertThat(singBox(end, mode, false))
                        .extracting(Combination::engine)
                        .containsExactlyInAnyOrder(WebSocketEngine.DIRECT, WebSocketEngine.JETTY);
                assertThat(singBox(end, mode, false))
                        .extracting(combination -> combination.link().carried())
                        .containsExactlyInAnyOrder(Link.VLESS, Link.TROJAN);
                assertThat(singBox(end, mode, true)).hasSize(1);
            }
        }
        assertThat(Matrix.rows()).doesNotHaveDuplicates();
    }

    private static List<Combination> singBox(OurEnd end, EarlyDataMode mode, boolean tls) {
        return Matrix.singBox().stream()
                .filter(combination -> combination.ourEnd() == end
                        && combination.link().mode() == mode
                        && combination.link().tls() == tls)
                .toList();
    }
}
