package dev.keyturn.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** The tables where they are published. */
final class FaultTables {
    private static final Path DOCUMENT = Path.of("docs/reliability.md");
    private static final String BEGIN = "<!-- fault tables: begin -->\n";
    private static final String END = "<!-- fault tables: end -->\n";

    private FaultTables() {}

    static String print(Map<FaultCase, String> results) {
        return FaultTable.all().stream()
                .map(table -> table.print(one -> results.getOrDefault(one, "?")))
                .collect(Collectors.joining("\n"));
    }

    /** What the document says of every case; printing it again gives the same text. */
    static Map<FaultCase, String> read() throws IOException {
        String text = published();
        Map<FaultCase, String> documented = new HashMap<>();
        for (FaultTable table : FaultTable.all()) {
            String printed = text.substring(text.indexOf("### " + table.title() + "\n"));
            table.cases().forEach(one -> documented.put(one, table.find(printed, one)));
        }
        return documented;
    }

    static String published() throws IOException {
        String text = Files.readString(DOCUMENT);
        return text.substring(text.indexOf(BEGIN) + BEGIN.length(), text.indexOf(END))
                        .strip() + "\n";
    }

    static void publish(Map<FaultCase, String> results) throws IOException {
        String text = Files.readString(DOCUMENT);
        Files.writeString(
                DOCUMENT,
                text.substring(0, text.indexOf(BEGIN)) + BEGIN + "\n" + print(results) + "\n"
                        + text.substring(text.indexOf(END)));
    }
}
