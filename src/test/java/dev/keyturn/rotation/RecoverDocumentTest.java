package dev.keyturn.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/recover.md has a row for each state, outcome and kind of failure that there is, and for none that there isn't. */
class RecoverDocumentTest {
    private static final Pattern NAME = Pattern.compile("`([a-z]+(?:_[a-z]+)*)`");

    @Test
    void hasEachStateOfACredential() throws IOException {
        assertThat(firstColumn("## By state (`status`)")).isEqualTo(labels(CredentialStatus.State.values()));
    }

    @Test
    void hasEachOutcomeThatARotationEndsWith() throws IOException {
        Collection<String> outcomes = labels(Outcome.values());
        outcomes.remove(Outcome.ROTATING.label());

        assertThat(firstColumn("## By outcome (`rotate`)")).isEqualTo(outcomes);
    }

    @Test
    void hasEachStateOfARotation() throws IOException {
        assertThat(firstColumn("## By step of an open rotation (`history`)"))
                .isEqualTo(labels(RotationState.Kind.values()));
    }

    @Test
    void hasEachCheck() throws IOException {
        assertThat(cells("## By check (`verify`)", Pattern.compile("`([a-z ]+)`")))
                .isEqualTo(new TreeSet<>(Verifier.Check.NAMES));
    }

    @Test
    void hasEachKindOfFailure() throws IOException {
        Collection<String> kinds = labels(FailureKind.values());
        kinds.addAll(labels(HostException.Fault.values()));
        kinds.addAll(labels(DromoException.Fault.values()));

        assertThat(firstColumn("## Failures by name")).isEqualTo(kinds);
    }

    private static Collection<String> labels(Enum<?>[] values) {
        return new TreeSet<>(Arrays.stream(values)
                .map(value -> value.name().toLowerCase(Locale.ROOT))
                .toList());
    }

    /** The names in the first cells of the rows between a heading and the next of its rank. */
    private static Collection<String> firstColumn(String heading) throws IOException {
        return cells(heading, NAME);
    }

    private static Collection<String> cells(String heading, Pattern name) throws IOException {
        List<String> lines = Files.readAllLines(Path.of("docs/recover.md"));
        assertThat(lines).contains(heading);
        Stream<String> section = lines.stream()
                .skip(lines.indexOf(heading) + 1)
                .takeWhile(line -> !line.startsWith("## "))
                .filter(line -> line.startsWith("| `"));
        return new TreeSet<>(section.map(line -> line.split("\\|")[1])
                .flatMap(cell -> name.matcher(cell).results())
                .map(found -> found.group(1))
                .toList());
    }
}
