package io.v2ws.cli.probe;

import static io.v2ws.cli.probe.ProbeRig.fact;
import static io.v2ws.cli.probe.ProbeRig.options;
import static io.v2ws.cli.probe.ProbeRig.probe;
import static org.assertj.core.api.Assertions.assertThat;

import io.v2ws.WebSocketTransportOptions;
import io.v2ws.server.WebSocketUpgradeFilter;
import io.v2ws.testing.EmbeddedJetty;
import io.v2ws.testing.LeakCheck;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What a probe says of an echo, by hand-written servers with one trait each. */
@Timeout(60)
@ExtendWith(LeakCheck.class)
class ProbeTest {
    private EchoServer server;

    @BeforeEach
    void start() throws IOException {
        server = new EchoServer();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private ProbeReport run() throws Exception {
        return probe(server.url());
    }

    @Test
    void everyStepOfAGoodEchoIsFine() throws Exception {
        ProbeReport report = run();

        assertThat(report.hasFailed()).isFalse();
        assertThat(report.steps()).extracting(Step::name).containsExactly(StepName.values());
        assertThat(report.steps())
                .extracting(Step::verdict)
                .containsExactly(
                        Verdict.OK,
                        Verdict.OK,
                        Verdict.NO,
                        Verdict.OK,
                        Verdict.OK,
                        Verdict.NO,
                        Verdict.OK,
                        Verdict.OK,
                        Verdict.OK,
                        Verdict.OK,
                        Verdict.OK,
                        Verdict.OK,
                        Verdict.NOT_TRIED);
        assertThat(fact(report.step(StepName.PINGS), "answered")).isEqualTo(10);
        assertThat(fact(report.step(StepName.THROUGHPUT), "bytes")).isEqualTo(1L << 20);
        assertThat(fact(report.step(StepName.EARLY_DATA_IN_HEADER), "survives_bytes"))
                .isEqualTo(16 * 1024);
        assertThat(report.advice())
                .containsExactly("set max_early_data to 2048 and early_data_header_name to Sec-WebSocket-Protocol"
                        + " on both ends: 16 KiB come through");
    }

    @ParameterizedTest
    @CsvSource({"3904,2928,2048", "2000,1500,1024", "100,75,64"})
    void theLargestEarlyDataIsFoundToTheByte(int characters, int bytes, int advised) throws Exception {
        server.longestValue = characters;

        ProbeReport report = run();
        Step step = report.step(StepName.EARLY_DATA_IN_HEADER);

        assertThat(step.verdict()).isEqualTo(Verdict.OK);
        assertThat(fact(step, "survives_bytes")).isEqualTo(bytes);
        assertThat(fact(step, "survives_characters")).isEqualTo(characters);
        assertThat(fact(step, "exact")).isEqualTo(true);
        assertThat(fact(step, "refused_with")).isEqualTo(502);
        assertThat(report.advice().get(0))
                .contains("set max_early_data to " + advised + " ")
                .endsWith("up to " + bytes + " bytes come through; edge/1 refuses more (502)");
        assertThat(report.advice().get(1)).contains("proxy_buffer_size");
    }

    @Test
    void moreEarlyDataThanSurvivesIsAFailure() throws Exception {
        server.longestValue = 3904;

        ProbeReport report = probe(
                server.url(),
                options()
                        .maxEarlyData(4096)
                        .earlyDataHeaderName("Sec-WebSocket-Protocol")
                        .build());

        assertThat(report.hasFailed()).isTrue();
        assertThat(report.step(StepName.EARLY_DATA_IN_HEADER).todo())
                .isEqualTo("max_early_data 4096 is more than comes through: set it to 2048");
    }

    @Test
    void earlyDataThatIsIgnoredIsToldFromEarlyDataThatIsLate() throws Exception {
        server.early = EchoServer.Early.IGNORED;
        ProbeReport ignored = run();
        server.early = EchoServer.Early.HELD;
        ProbeReport held = run();

        assertThat(ignored.step(StepName.EARLY_DATA_IN_HEADER).verdict()).isEqualTo(Verdict.NO);
        assertThat(fact(ignored.step(StepName.EARLY_DATA_IN_HEADER), "delivery"))
                .isEqualTo("dropped");
        assertThat(ignored.advice()).singleElement().asString().startsWith("leave max_early_data at 0");
        assertThat(held.step(StepName.EARLY_DATA_IN_HEADER).verdict()).isEqualTo(Verdict.WARNING);
        assertThat(fact(held.step(StepName.EARLY_DATA_IN_HEADER), "delivery")).isEqualTo("late");
    }

    @ParameterizedTest
    @EnumSource(names = {"PATH", "HEADER"})
    void aModeThatWasAskedForAndIsNotUnderstoodIsAFailure(io.v2ws.WebSocketTransportOptions.EarlyDataMode mode)
            throws Exception {
        server.early = EchoServer.Early.IGNORED;
        boolean header = mode == io.v2ws.WebSocketTransportOptions.EarlyDataMode.HEADER;

        ProbeReport report = probe(
                server.url(),
                options()
                        .maxEarlyData(2048)
                        .earlyDataHeaderName(header ? "Sec-WebSocket-Protocol" : "")
                        .build());
        Step step = report.step(header ? StepName.EARLY_DATA_IN_HEADER : StepName.EARLY_DATA_IN_PATH);

        assertThat(step.verdict()).isEqualTo(Verdict.FAILED);
        assertThat(step.todo()).contains("both ends");
        assertThat(report.hasFailed()).isTrue();
    }

    @Test
    void anExactPathIsNamedAsTheReason() throws Exception {
        Step step = run().step(StepName.EARLY_DATA_IN_PATH);

        assertThat(step.verdict()).isEqualTo(Verdict.NO);
        assertThat(step.summary()).isEqualTo("edge/1 answers 404: the server wants the exact path");
    }

    @Test
    void aSubprotocolThatIsNotEchoedIsNoFault() throws Exception {
        server.echoesProtocol = false;

        ProbeReport report = run();

        assertThat(report.step(StepName.SUBPROTOCOL).verdict()).isEqualTo(Verdict.NO);
        assertThat(report.step(StepName.SUBPROTOCOL).summary()).contains("browsers");
        assertThat(report.hasFailed()).isFalse();
    }

    @Test
    void pingsWithoutPongsAreAFailureWithARemedy() throws Exception {
        server.answersPings = false;

        Step step = run().step(StepName.PINGS);

        assertThat(step.verdict()).isEqualTo(Verdict.FAILED);
        assertThat(step.todo()).contains("ping_interval to 0");
        assertThat(fact(step, "answered")).isEqualTo(0);
    }

    @Test
    void theAnswerToACloseIsTold() throws Exception {
        server.closeCode = 1001;
        Step other = run().step(StepName.CLOSE);
        server.answersClose = false;
        Step none = run().step(StepName.CLOSE);

        assertThat(other.verdict()).isEqualTo(Verdict.WARNING);
        assertThat(fact(other, "code")).isEqualTo(1001);
        assertThat(none.verdict()).isEqualTo(Verdict.WARNING);
        assertThat(fact(none, "answered")).isEqualTo(false);
    }

    @Test
    void dataThatIsChangedOnTheWayIsAFailure() throws Exception {
        server.corrupts = true;

        Step step = run().step(StepName.THROUGHPUT);

        assertThat(step.verdict()).isEqualTo(Verdict.FAILED);
        assertThat(step.summary()).contains("other bytes came back");
    }

    @Test
    void cookiesOfTheAnswerAreNotShownAndItsTextIsEscaped() throws Exception {
        server.headers = List.of("Set-Cookie: id=secret; Path=/", "X-Odd: a\u009b31mb");

        ProbeReport report = run();
        String all = String.join("\n", TextReport.lines(report)) + JsonReport.text(report);

        assertThat(all).contains("Set-Cookie: (not shown)", "a\\u009b31mb").doesNotContain("secret", "\u009b");
    }

    @Test
    void silentTunnelsAreLookedAtWithAndWithoutPings() throws Exception {
        Duration idle = Duration.ofMillis(400);

        ProbeReport report = probe(
                server.url(),
                options().pingInterval(Duration.ofMillis(100)).build(),
                new ProbeLimits(Duration.ofSeconds(40), 1 << 16, idle));
        Step step = report.step(StepName.IDLE);

        assertThat(step.verdict()).isEqualTo(Verdict.OK);
        assertThat(fact(step, "without_pings"))
                .isEqualTo(Map.of("survived", true, "ms", 400.0, "pings_of_the_far_end", 0L));
        assertThat(fact(step, "with_pings"))
                .isEqualTo(Map.of("survived", true, "ms", 400.0, "pings_of_the_far_end", 0L));
    }

    @Test
    void aCutOfSilenceIsToldWithARemedyAndPingsThatPreventItAreAdvised() throws Exception {
        server.cutsSilenceAfter = Duration.ofMillis(600);
        ProbeLimits limits = new ProbeLimits(Duration.ofSeconds(40), 1 << 16, Duration.ofSeconds(2));
        ProbeReport often = probe(
                server.url(), options().pingInterval(Duration.ofMillis(100)).build(), limits);
        ProbeReport never =
                probe(server.url(), options().pingInterval(Duration.ZERO).build(), limits);

        Step kept = often.step(StepName.IDLE);
        assertThat(kept.verdict()).isEqualTo(Verdict.OK);
        assertThat(kept.summary()).contains("without a Close frame; with one every 100 ms: lives after 2.0 s");
        assertThat(often.advice().get(1)).startsWith("keep ping_interval at 100 ms: silent tunnels are cut after ");
        Step cut = never.step(StepName.IDLE);
        assertThat(cut.verdict()).isEqualTo(Verdict.FAILED);
        assertThat(cut.todo()).contains("set ping_interval below");
    }

    @Test
    void aTunnelInWhichTheFarEndPingedWasNotSilentAndNothingIsSaidOfSilence() throws Exception {
        server.pingsFirst = true;
        ProbeLimits limits = new ProbeLimits(Duration.ofSeconds(40), 1 << 16, Duration.ofMillis(400));
        ProbeReport report =
                probe(server.url(), options().pingInterval(Duration.ZERO).build(), limits);

        Step step = report.step(StepName.IDLE);
        assertThat(step.verdict()).isEqualTo(Verdict.OK);
        assertThat(step.summary())
                .contains("lives after 400 ms, but the far end sent 1 ping: how long real silence lasts");
        assertThat(fact(step, "without_pings"))
                .isEqualTo(Map.of("survived", true, "ms", 400.0, "pings_of_the_far_end", 1L));
    }

    @Test
    void theEndOfATunnelInWhichTheFarEndPingedIsNotBlamedOnSilence() throws Exception {
        server.pingsFirst = true;
        server.cutsSilenceAfter = Duration.ofMillis(600);
        ProbeLimits limits = new ProbeLimits(Duration.ofSeconds(40), 1 << 16, Duration.ofSeconds(3));
        ProbeReport report =
                probe(server.url(), options().pingInterval(Duration.ZERO).build(), limits);

        Step step = report.step(StepName.IDLE);
        assertThat(step.verdict()).isEqualTo(Verdict.FAILED);
        assertThat(step.summary()).contains("but the far end sent 1 ping");
        assertThat(step.todo()).contains("something limits the life of a connection");
        assertThat(report.advice()).noneMatch(advice -> advice.contains("silent tunnels"));
    }

    @Test
    void whatDoesNotFitIntoTheTimeIsNotTried() throws Exception {
        // 8 seconds for the one, 6 for the other: more than there is, on a machine of any speed.
        server.early = EchoServer.Early.STUCK;
        server.answersPings = false;

        ProbeReport report =
                probe(server.url(), options().build(), new ProbeLimits(Duration.ofSeconds(12), 1 << 16, Duration.ZERO));

        assertThat(report.step(StepName.CLOSE).verdict()).isEqualTo(Verdict.NOT_TRIED);
        assertThat(report.step(StepName.CLOSE).summary()).contains("--timeout");
    }

    @Test
    void c25_aV2wsServerTellsWithoutAnEchoWhereItTakesEarlyData() throws Exception {
        WebSocketTransportOptions pathMode = WebSocketTransportOptions.builder()
                .path("/tunnel")
                .maxEarlyData(2048)
                .build();
        try (EmbeddedJetty jetty = EmbeddedJetty.builder()
                .filter(WebSocketUpgradeFilter.builder(pathMode, (stream, request) -> {})
                        .build())
                .start()) {
            ProbeReport report = probe("ws://127.0.0.1:" + jetty.port() + "/tunnel");

            Step path = report.step(StepName.EARLY_DATA_IN_PATH);
            assertThat(path.verdict()).isEqualTo(Verdict.OK);
            assertThat(path.summary()).startsWith("the server says that it took it; ");
            assertThat(fact(path, "delivery")).isEqualTo("confirmed");
            Step header = report.step(StepName.EARLY_DATA_IN_HEADER);
            assertThat(header.verdict()).isEqualTo(Verdict.NO);
            assertThat(fact(header, "delivery")).isEqualTo("not_taken");
        }
    }
}
