package dev.keyturn.audit;

import static dev.keyturn.audit.Logs.ticking;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.audit.AuditVerification.Problem;
import dev.keyturn.rotation.AuditEvent;
import dev.keyturn.rotation.AuditEvent.Result;
import dev.keyturn.rotation.RotationId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AuditVerifierTest {
    private static final RotationId ROTATION = new RotationId("3b241101-e2bb-4255-8caf-4136c566a962");

    @TempDir
    Path temporary;

    private Path directory;
    private Path file;

    @BeforeEach
    void writeALog() throws Exception {
        directory = temporary.resolve("audit");
        try (AuditLog log = AuditLog.open(directory, "host7", Optional.empty(), ticking())) {
            for (int i = 0; i < 8; i++) {
                log.append(AuditEvent.of("host.prove").ofCredential("acme-" + i).with("try", i));
            }
        }
        file = directory.resolve("audit.jsonl");
    }

    @Test
    void findsAWholeLogWhole() throws Exception {
        AuditVerification found = AuditVerifier.verify(directory);

        assertThat(found.ok()).isTrue();
        assertThat(found.records()).isEqualTo(9);
        assertThat(found.lastSeq()).isEqualTo(9);
        assertThat(found.lastHash())
                .isEqualTo(IndependentChain.sha256(Files.readAllLines(file).get(8)));
        assertThat(found.openIntents()).isEmpty();
    }

    @Test
    void detectsEachFlippedBitButThoseOfTheLastLine() throws Exception {
        byte[] whole = Files.readAllBytes(file);
        int lastLine = new String(whole, StandardCharsets.US_ASCII).lastIndexOf('\n', whole.length - 2) + 1;
        Random random = new Random(7);
        for (int place = 0; place < lastLine; place += 1 + random.nextInt(4)) {
            byte[] flipped = whole.clone();
            flipped[place] ^= (byte) (1 << random.nextInt(8));
            Files.write(file, flipped);

            assertThat(AuditVerifier.verify(directory).ok())
                    .as("bit flipped at %d", place)
                    .isFalse();
        }
    }

    @Test
    void detectsADeletedLine() throws Exception {
        assertThat(problemAfter(lines -> lines.remove(3)))
                .hasToString("audit.jsonl:4: record 4: seq 5 stands where 4 belongs");
    }

    @Test
    void detectsAnInsertedCopy() throws Exception {
        assertThat(problemAfter(lines -> lines.add(4, lines.get(3))).line()).isEqualTo(5);
    }

    @Test
    void detectsSwappedLines() throws Exception {
        assertThat(problemAfter(lines -> Collections.swap(lines, 3, 4)).line()).isEqualTo(4);
    }

    @Test
    void detectsAnEditedLineAtTheOneThatFollows() throws Exception {
        Problem problem = problemAfter(lines -> lines.set(3, lines.get(3).replace("acme-2", "acme-9")));

        assertThat(problem.line()).isEqualTo(5);
        assertThat(problem.seq()).isEqualTo(5);
        assertThat(problem.reason()).contains("hash of the record before");
    }

    @Test
    void detectsARecordOfAnotherForm() throws Exception {
        assertThat(problemAfter(lines -> lines.set(8, lines.get(8).replace("\"v\":1", "\"v\":2")))
                        .reason())
                .contains("version");
        assertThat(problemAfter(lines -> lines.set(8, lines.get(8).replace("\"node\"", "\"nodes\"")))
                        .reason())
                .contains("fields");
        assertThat(problemAfter(lines -> lines.set(8, lines.get(8) + " {}")).reason())
                .contains("follows");
        assertThat(problemAfter(lines -> lines.add("")).reason()).contains("JSON");
    }

    @Test
    void reportsATornLineThatNothingDeclares() throws Exception {
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, java.util.Arrays.copyOf(whole, whole.length - 30));

        AuditVerification found = AuditVerifier.verify(directory);
        assertThat(found.problem().orElseThrow().line()).isEqualTo(9);
        assertThat(found.problem().orElseThrow().reason()).contains("tore");
        assertThat(found.records()).isEqualTo(8);
    }

    @Test
    void detectsAFragmentThatWasChangedOrTakenAway() throws Exception {
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, java.util.Arrays.copyOf(whole, whole.length - 30));
        AuditLog.open(directory, "host7", Optional.empty(), ticking()).close();
        assertThat(AuditVerifier.verify(directory).ok()).isTrue();
        String recovered = Files.readString(file);

        assertThat(problemAfter(lines -> lines.set(8, lines.get(8).replace("acme-7", "acme-1")))
                        .line())
                .isEqualTo(9);
        Files.writeString(file, recovered);
        assertThat(problemAfter(lines -> lines.remove(8)).reason()).contains("fragment");
    }

    @Test
    void tellsWhichAnnouncedEffectsHaveNoOutcome() throws Exception {
        AuditEvent install = AuditEvent.of("host.install").ofCredential("acme").inRotation(ROTATION);
        AuditEvent publish = AuditEvent.of("dromo.publish").ofCredential("acme").inRotation(ROTATION);
        try (AuditLog log = AuditLog.open(directory, "host7", Optional.empty(), ticking())) {
            log.append(install.intent());
            log.append(install.intent());
            log.append(install.outcome(Result.SUCCESS, Optional.empty()));
            log.append(publish.intent());
            log.append(install.with("undo", true).intent());
            log.append(publish.with("undo", true).outcome(Result.FAILURE, Optional.of("no")));
        }

        AuditVerification found = AuditVerifier.verify(directory);
        assertThat(found.ok()).isTrue();
        assertThat(found.openIntents())
                .extracting(AuditVerification.OpenIntent::seq)
                .containsExactly(14L, 15L);
        assertThat(found.openIntents().get(0).event()).isEqualTo("dromo.publish");
        assertThat(found.openIntents().get(0).rotation()).contains(ROTATION.text());
    }

    @Test
    void refusesALineTooLongToHold() throws Exception {
        Files.writeString(file, "x".repeat(3 * RecordFormat.LONGEST_LINE), java.nio.file.StandardOpenOption.APPEND);

        assertThat(AuditVerifier.verify(directory).problem().orElseThrow().reason())
                .contains("longer");
    }

    private Problem problemAfter(Consumer<List<String>> change) throws Exception {
        List<String> lines = new ArrayList<>(Files.readAllLines(file));
        List<String> before = List.copyOf(lines);
        change.accept(lines);
        Files.write(file, lines);
        Problem problem = AuditVerifier.verify(directory).problem().orElseThrow();
        Files.write(file, before);
        return problem;
    }
}
