package dev.keyturn.killmatrix;

import dev.keyturn.killmatrix.Matrix.Row;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;

/** The figures of a run, as Markdown. */
final class Report {
    private Report() {}

    static String markdown(List<Row> rows, Duration time, Options options) {
        StringBuilder text = new StringBuilder();
        text.append(
                "| Kind | Course | Moments | Kills | Too late | Violations |\n| --- | --- | ---: | ---: | ---: | ---: |\n");
        for (Row row : rows) {
            line(text, row.scenario().kind().name(), row.scenario().course().name(), List.of(row));
        }
        line(text, "**all**", "", rows);
        text.append("\nTook ").append(time.toMinutes()).append(" min ").append(time.toSecondsPart());
        text.append(" s, ")
                .append(options.jobs())
                .append(" scenarios side by side, ")
                .append(options.together())
                .append(" trials of each killed together, ")
                .append(options.times());
        text.append(" × each moment");
        if (options.every() > 1) {
            text.append(", every ").append(options.every()).append("th, seed ").append(options.seed());
        }
        text.append(options.made() > 0 ? ", counted with " + options.made() + " × each moment of an earlier run" : "");
        text.append(options.least() > 0 ? ", at least " + options.least() + " × each point of a kind" : "");
        text.append(".\n");
        points(text, rows, options.made());
        for (Row row : rows) {
            row.violations()
                    .forEach(violation ->
                            text.append("\n```\n").append(violation.strip()).append("\n```\n"));
        }
        return text.toString();
    }

    private static void points(StringBuilder text, List<Row> rows, int made) {
        text.append("\n| Point | Kinds that pass it | Kills | Fewest of a kind |\n| --- | ---: | ---: | ---: |\n");
        Quota.kills(rows, made)
                .forEach((point, kills) -> text.append("| `")
                        .append(point)
                        .append("` | ")
                        .append(kills.size())
                        .append(" | ")
                        .append(kills.values().stream().mapToInt(count -> count).sum())
                        .append(" | ")
                        .append(Collections.min(kills.values()))
                        .append(" |\n"));
    }

    private static void line(StringBuilder text, String kind, String course, List<Row> rows) {
        Map<String, ToIntFunction<Row>> figures = new LinkedHashMap<>();
        figures.put("moments", row -> row.moments().size());
        figures.put("kills", row -> row.kills().size());
        figures.put("too late", Row::late);
        figures.put("violations", row -> row.violations().size());
        text.append("| ").append(kind).append(" | ").append(course).append(" |");
        figures.values()
                .forEach(figure -> text.append(' ')
                        .append(rows.stream().mapToInt(figure).sum())
                        .append(" |"));
        text.append('\n');
    }
}
