package dev.keyturn.killmatrix;

import dev.keyturn.killmatrix.Matrix.Row;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;

/** The figures of a run, as Markdown. */
final class Report {
    private Report() {}

    static String markdown(List<Row> rows, Duration time, Options options) {
        StringBuilder text = new StringBuilder();
        text.append("| Kind | Course | Moments | Kills | Violations |\n| --- | --- | ---: | ---: | ---: |\n");
        for (Row row : rows) {
            line(text, row.scenario().kind().name(), row.scenario().course().name(), List.of(row));
        }
        line(text, "**all**", "", rows);
        text.append("\nTook ").append(time.toMinutes()).append(" min ").append(time.toSecondsPart());
        text.append(" s, ")
                .append(options.jobs())
                .append(" scenarios side by side, ")
                .append(options.times());
        text.append(" × each moment");
        if (options.every() > 1) {
            text.append(", every ").append(options.every()).append("th, seed ").append(options.seed());
        }
        text.append(".\n");
        for (Row row : rows) {
            row.violations()
                    .forEach(violation ->
                            text.append("\n```\n").append(violation).append("```\n"));
        }
        return text.toString();
    }

    private static void line(StringBuilder text, String kind, String course, List<Row> rows) {
        Map<String, ToIntFunction<Row>> figures = new LinkedHashMap<>();
        figures.put("moments", Row::moments);
        figures.put("kills", Row::kills);
        figures.put("violations", row -> row.violations().size());
        text.append("| ").append(kind).append(" | ").append(course).append(" |");
        figures.values()
                .forEach(figure -> text.append(' ')
                        .append(rows.stream().mapToInt(figure).sum())
                        .append(" |"));
        text.append('\n');
    }
}
