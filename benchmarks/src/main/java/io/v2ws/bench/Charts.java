package io.v2ws.bench;

import java.awt.Color;
import java.awt.Font;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.style.CategoryStyler;
import org.knowm.xchart.style.Styler;

/**
 * Draws bar charts as SVG.
 *
 * @param directory where the files go
 * @param link how the page refers to the directory, with a slash at the end; empty for the same
 */
record Charts(Path directory, String link) {
    private static final int WIDTH = 960;
    private static final int HEIGHT = 400;
    /**
     * Colours told apart by those who see them differently, too (Okabe and Ito); the others get what XChart has left.
     */
    private static final Map<String, Color> COLOURS = Map.of(
            "v2ws", new Color(0x0072b2),
            "v2ws-jetty", new Color(0x56b4e9),
            "v2ws-small", new Color(0x009e73),
            "tcp-relay", new Color(0x999999),
            "sing-box", new Color(0xd55e00),
            "v2ray", new Color(0xe69f00),
            "ss-v2ray-plugin", new Color(0xf0e442));

    /** A contender that takes part for comparison only, and would make all other bars short. */
    private static final String NOT_DRAWN = "direct-tcp";

    /** Letters are drawn as curves, whose points come with fifteen digits. */
    private static final Pattern LONG_NUMBER = Pattern.compile("-?\\d+\\.\\d{2,}");

    /**
     * Draws medians, grouped by key, one colour for each contender.
     *
     * @param name of the file, without extension
     * @param labels of the keys
     * @return what the page refers to the file by
     */
    String draw(String name, String title, Section section, List<String> keys, List<String> labels) {
        CategoryChart chart = new CategoryChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .build();
        style(chart.getStyler());
        section.labels().forEach((contender, label) -> {
            List<Double> bars = new ArrayList<>();
            keys.forEach(key -> bars.add(section.median(key, contender).orElse(0)));
            if (!contender.equals(NOT_DRAWN) && bars.stream().anyMatch(bar -> bar > 0)) {
                chart.addSeries(label, labels, bars).setFillColor(COLOURS.getOrDefault(contender, Color.GRAY));
            }
        });
        try {
            String svg = new String(ChartEncoder.getBytes(chart, "svg"), StandardCharsets.UTF_8);
            Files.createDirectories(directory);
            Files.writeString(
                    directory.resolve(name + ".svg"),
                    LONG_NUMBER.matcher(svg).replaceAll(number -> shortened(number.group())));
        } catch (IOException x) {
            throw new UncheckedIOException(x);
        }
        return link + name + ".svg";
    }

    private static String shortened(String number) {
        return new BigDecimal(number)
                .setScale(1, RoundingMode.HALF_EVEN)
                .stripTrailingZeros()
                .toPlainString();
    }

    private static void style(CategoryStyler styler) {
        styler.setLabelsVisible(true).setLabelsFont(font(Font.PLAIN, 10)).setAvailableSpaceFill(0.9);
        styler.setPlotGridVerticalLinesVisible(false)
                .setAxisTickLabelsFont(font(Font.PLAIN, 12))
                .setChartBackgroundColor(Color.WHITE)
                .setChartTitleFont(font(Font.BOLD, 14))
                .setLegendFont(font(Font.PLAIN, 12))
                .setLegendPosition(Styler.LegendPosition.OutsideE)
                .setLegendBorderColor(Color.WHITE)
                .setPlotBorderVisible(false)
                .setDecimalPattern("#,##0.##")
                .setLocale(Locale.ROOT);
    }

    private static Font font(int style, int size) {
        return new Font(Font.SANS_SERIF, style, size);
    }
}
