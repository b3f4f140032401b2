package dev.keyturn.audit;

import static dev.keyturn.audit.Logs.ticking;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.audit.AuditVerification.OpenIntent;
import dev.keyturn.rotation.AuditAnchor;
import dev.keyturn.rotation.AuditEvent;
import dev.keyturn.rotation.RotationId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is remembered outside of the log shows what no chain can: that its end, or all of it, is gone. */
final class AnchoredLogTest {
    private static final Duration AT_ONCE = Duration.ofSeconds(60);

    @TempDir
    Path temporary;

    private Path directory;
    private Path file;
    private AuditAnchor anchor;

    @BeforeEach
    void writeALog() throws Exception {
        directory = temporary.resolve("audit");
        file = directory.resolve("audit.jsonl");
        anchor = written("one", "two", "three");
    }

    private AuditAnchor written(String... events) throws Exception {
        try (AuditLog log = AuditLog.open(directory, "host7", Optional.empty(), ticking())) {
            for (String event : events) {
                log.append(AuditEvent.of(event));
            }
            return log.end();
        }
    }

    @Test
    void takesALogThatEndsThereOrFurtherOnOrIsTornBehindIt() throws Exception {
        assertWhole();
        written("four", "five");
        assertWhole();
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length - 3));
        AnchoredLog.require(directory, Optional.of(anchor));
    }

    private void assertWhole() throws Exception {
        AnchoredLog.require(directory, Optional.of(anchor));
        assertThat(AuditVerifier.verify(directory, Optional.of(anchor)).problem())
                .isEmpty();
    }

    @Test
    void takesAnyLogWhereNothingIsKnownOfIt() {
        assertThatCode(() -> AnchoredLog.require(temporary.resolve("none"), Optional.empty()))
                .doesNotThrowAnyException();
    }

    @Test
    void refusesALogThatWasCut() throws Exception {
        List<String> lines = Files.readAllLines(file);
        Files.write(file, lines.subList(0, 2));

        assertRefused("it ends at record 2, but had reached record 4 (SHA-256 " + anchor.hash() + ")");
    }

    @Test
    void refusesALogThatWasDeletedAndOneThatBeganAnew() throws Exception {
        Files.delete(file);
        assertThatThrownBy(() -> AnchoredLog.require(directory, Optional.of(anchor)))
                .isInstanceOf(AuditLogRefusedException.class)
                .hasMessageContaining("it ends at record 0, but had reached record 4");
        written("a", "b", "c", "d");

        assertRefused("record 4 is not the one that was written");
    }

    private void assertRefused(String reason) throws Exception {
        assertThatThrownBy(() -> AnchoredLog.require(directory, Optional.of(anchor)))
                .isInstanceOf(AuditLogRefusedException.class)
                .hasMessageContaining(directory.toString())
                .hasMessageContaining(reason)
                .hasMessageContaining("keyturn audit accept-loss --reason");
        AuditVerification found = AuditVerifier.verify(directory, Optional.of(anchor));
        assertThat(found.problem())
                .get()
                .extracting(Object::toString)
                .asString()
                .contains(reason);
        assertThat(AuditVerifier.verify(directory).ok())
                .as("the chain alone doesn't show it")
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"pipe", "device"})
    void neverWaitsForAPipeOrADeviceInTheLogsPlace(String what) throws Exception {
        Files.delete(file);
        if (what.equals("pipe")) {
            assertThat(new ProcessBuilder("mkfifo", "-m", "600", file.toString())
                            .start()
                            .waitFor())
                    .isZero();
        } else {
            Files.createSymbolicLink(file, Path.of("/dev/zero"));
        }

        org.junit.jupiter.api.Assertions.assertTimeoutPreemptively(AT_ONCE, () -> {
            assertThatThrownBy(() -> AuditLog.open(directory, "host7", Optional.empty(), ticking()))
                    .isInstanceOf(AuditLogRefusedException.class)
                    .hasMessageContaining("no regular file");
            assertThatThrownBy(() -> AnchoredLog.require(directory, Optional.of(anchor)))
                    .isInstanceOf(AuditLogRefusedException.class)
                    .hasMessageContaining("no regular file");
            assertThatThrownBy(() -> AuditVerifier.verify(directory)).hasMessageContaining("no regular file");
        });
        Files.delete(file);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rotation.completed", "rotation.rolled_back", "rotation.failed"})
    void listsARotationUntilItHasEnded(String end) throws Exception {
        RotationId rotation = new RotationId("3b241101-e2bb-4255-8caf-4136c566a962");
        try (AuditLog log = AuditLog.open(directory, "host7", Optional.empty(), ticking())) {
            log.append(AuditEvent.of("rotation.started").inRotation(rotation).ofCredential("acme"));
            assertThat(AuditVerifier.verify(directory).openIntents())
                    .singleElement()
                    .extracting(OpenIntent::event, OpenIntent::credential)
                    .containsExactly("rotation.started", Optional.of("acme"));
            log.append(AuditEvent.of(end).inRotation(rotation).ofCredential("acme"));
        }

        assertThat(AuditVerifier.verify(directory).openIntents()).isEmpty();
    }
}
