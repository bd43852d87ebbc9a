package io.v2ws.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
    @Test
    void aMedianOfAnEvenNumberOfSamplesLiesInTheMiddleOfTwo() {
        assertThat(new Measurement("k", "c", "u", List.of(9.0, 1.0, 3.0)).median())
                .isEqualTo(3);
        assertThat(new Measurement("k", "c", "u", List.of(9.0, 1.0, 4.0, 3.0)).median())
                .isEqualTo(3.5);
    }

    @Test
    void aRatioIsTheMedianOfThoseOfTheRoundsUnlessOneIsMissing() {
        Measurement slowerInTheEnd = new Measurement("k", "c", "u", List.of(100.0, 120.0, 40.0));
        Measurement other = new Measurement("k", "d", "u", List.of(50.0, 50.0, 25.0));
        assertThat(slowerInTheEnd.ratio(other)).isEqualTo(2.0);
        assertThat(slowerInTheEnd.ratio(new Measurement("k", "d", "u", List.of(50.0, 40.0))))
                .isEqualTo(100 / 45.0);
    }

    @Test
    void aTargetIsReachedOnlyIfAllItsValuesKeepTheBound() {
        Target target = Target.atLeast("speed", 1.2);
        assertThat(target.cells()).containsExactly("speed", "≥ 1.20", "not measured", "–");
        target.add("up", OptionalDouble.of(1.2));
        assertThat(target.cells()).containsExactly("speed", "≥ 1.20", "up 1.20", "yes");
        target.add("down", OptionalDouble.of(1.19));
        assertThat(target.cells()).containsExactly("speed", "≥ 1.20", "up 1.20; down **1.19**", "in 1 of 2");
    }

    @Test
    void whatMissesItsBoundByAHairIsNotRoundedUpToIt() {
        Target target = Target.atLeast("speed", 1.2).add("up", OptionalDouble.of(1.1963));
        assertThat(target.cells()).containsExactly("speed", "≥ 1.20", "up **1.1963**", "no");
    }

    @Test
    void aTargetWithAGapIsNotCalledReached() {
        Target target =
                Target.atMost("bytes", 256).add("up", OptionalDouble.of(250)).add("down", OptionalDouble.empty());
        assertThat(target.cells()).containsExactly("bytes", "≤ 256", "up 250; down not measured", "as far as measured");
    }

    @Test
    void theTableOfTargetsIsComputedFromTheMeasurements(@TempDir Path directory) throws IOException {
        Section throughput = section(
                Rows.THROUGHPUT,
                List.of(
                        new Measurement("plain/1/up", "v2ws", "MB/s", List.of(800.0, 900.0, 1000.0)),
                        new Measurement("plain/1/up", "sing-box", "MB/s", List.of(600.0, 500.0, 700.0)),
                        new Measurement("plain/1/down", "v2ws", "MB/s", List.of(1000.0))));
        Results results = new Results(new LinkedHashMap<>()).with(throughput);
        Path file = Json.write(directory.resolve("results.json"), results);
        assertThat(Results.read(file)).isEqualTo(results);
        assertThat(Report.write(Results.read(file), new Charts(directory, "")))
                .contains("| ≥ 0.90 | plain 1 0.90; ")
                .contains("| ≥ 1.20 | plain 1 up 1.43; ");
    }

    private static Section section(Rows row, List<Measurement> measurements) {
        Map<String, String> labels = new LinkedHashMap<>(Map.of("v2ws", "v2ws", "sing-box", "sing-box"));
        return new Section(row.id(), "now", "none", "test", "", Map.of("CPU", "one"), labels, List.of(), measurements);
    }

    @Test
    void resultsReplaceWhatIsBetweenTheMarksAndNothingElse(@TempDir Path directory) throws IOException {
        Path page = Files.writeString(
                directory.resolve("page.md"), "above\n" + Page.BEGIN + "\nold\n" + Page.END + "\nbelow\n");
        Page.replace(page, "new\n\n");
        assertThat(page).hasContent("above\n" + Page.BEGIN + "\n\nnew\n\n" + Page.END + "\nbelow\n");
    }

    @Test
    void aPageWithoutMarksIsLeftAlone(@TempDir Path directory) throws IOException {
        Path page = Files.writeString(directory.resolve("page.md"), "text");
        assertThatThrownBy(() -> Page.replace(page, "new"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("has no lines");
        assertThat(page).hasContent("text");
    }
}
