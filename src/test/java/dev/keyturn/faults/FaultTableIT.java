package dev.keyturn.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each kind of fault, at each moment it can hit, converges to what the tables in docs/reliability.md say. By default a
 * sample: each kind once at each extent, at moments spread over the rotation. {@code -Dkeyturn.faults=all} runs every
 * case; {@code -Dkeyturn.faults=rewrite} does so too and writes the tables anew.
 */
@Tag("exhaustive")
class FaultTableIT {
    private static final String MODE = System.getProperty("keyturn.faults", "sample");
    private static final boolean REWRITES = MODE.equals("rewrite");
    private static final Map<FaultCase, String> RESULTS = new HashMap<>();

    @TempDir
    static Path directory;

    @TestFactory
    Stream<DynamicTest> convergesToWhatIsDocumented() throws IOException {
        List<FaultCase> cases = MODE.equals("sample") ? sample() : all();
        Map<FaultCase, String> documented = REWRITES ? Map.of() : FaultTables.read();
        SideBySide<FaultCase, Convergence> running =
                new SideBySide<>(cases, one -> one.kind().hangs(), directory, FaultCase::run);
        return cases.stream()
                .map(one -> dynamicTest(one.toString(), () -> {
                    String result = running.result(one).symbol();
                    RESULTS.put(one, result);
                    if (!REWRITES) {
                        assertThat(result)
                                .as("docs/reliability.md has another result; -Dkeyturn.faults=rewrite corrects it")
                                .isEqualTo(documented.get(one));
                    }
                }));
    }

    @Test
    void documentsEveryFaultAndNoOther() throws IOException {
        if (!REWRITES) {
            assertThat(FaultTables.print(FaultTables.read()))
                    .as("the tables of docs/reliability.md; -Dkeyturn.faults=rewrite writes them anew")
                    .isEqualTo(FaultTables.published());
        }
    }

    @AfterAll
    static void rewrite() throws IOException {
        if (REWRITES) {
            FaultTables.publish(RESULTS);
        }
    }

    private static List<FaultCase> all() {
        return FaultTable.all().stream()
                .flatMap(table -> table.cases().stream())
                .toList();
    }

    private static List<FaultCase> sample() {
        List<FaultCase> sample = new ArrayList<>();
        for (FaultTable table : FaultTable.all()) {
            for (FaultKind kind : table.kinds()) {
                List<FaultCase> row = FaultCase.of(table.secret(), kind);
                for (int i = 0; i < kind.extents().size() && !row.isEmpty(); i++) {
                    // A step that shares no factor with the extents, so that moments and extents mix.
                    sample.add(row.get((sample.size() * 7) % row.size()));
                }
            }
        }
        return sample.stream().distinct().toList();
    }
}
