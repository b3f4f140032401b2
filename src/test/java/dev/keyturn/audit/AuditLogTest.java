package dev.keyturn.audit;

import static dev.keyturn.audit.Logs.FIRST;
import static dev.keyturn.audit.Logs.ticking;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.rotation.Actor;
import dev.keyturn.rotation.AuditEvent;
import dev.keyturn.rotation.AuditEvent.Result;
import dev.keyturn.rotation.AuditException;
import dev.keyturn.rotation.AuditTrail;
import dev.keyturn.rotation.AuditTrailContract;
import dev.keyturn.rotation.BusyException;
import dev.keyturn.rotation.RotationId;
import dev.keyturn.rotation.SampleRotations;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AuditLogTest extends AuditTrailContract {
    @TempDir
    Path temporary;

    private Path directory;
    private AuditLog log;

    @BeforeEach
    void open() throws Exception {
        directory = temporary.resolve("audit");
        log = AuditLog.open(directory, "host7", Optional.empty(), ticking());
    }

    @AfterEach
    void chainIsWholeToTheEnd() throws Exception {
        log.close();
        IndependentChain.assertUnbroken(directory.resolve("audit.jsonl"));
    }

    @Override
    protected AuditTrail emptyTrail() {
        return log;
    }

    @Override
    protected List<String> writtenEvents() throws Exception {
        return Logs.records(directory).stream()
                .map(AuditRecord::event)
                .filter(event -> !event.startsWith("log."))
                .toList();
    }

    @Test
    void writesEveryFieldInItsPlace() throws Exception {
        log.configuredWith("c0ffee");
        log.append(AuditEvent.of("host.install")
                .by(Actor.cli(1000, "ada"))
                .ofCredential("acme-orders")
                .inRotation(new RotationId("3b241101-e2bb-4255-8caf-4136c566a962"))
                .on("dromo@sftp.acme.example:22")
                .keys(Optional.of(SampleRotations.fingerprint("new")), Optional.of(SampleRotations.fingerprint("old")))
                .with("method", "authorized_keys")
                .with("undo", true)
                .with("tried", 2)
                .with("places", List.of("a", Map.of("b", 1L)))
                .outcome(Result.UNKNOWN, Optional.of("reset: \"gone\"\nfor good")));

        assertThat(Files.readAllLines(log.file()).get(1))
                .isEqualTo("{\"v\":1,\"seq\":2,\"ts\":\"2026-03-01T03:00:01.000001Z\",\"node\":\"host7\","
                        + "\"event\":\"host.install\",\"phase\":\"outcome\","
                        + "\"rotation\":\"3b241101-e2bb-4255-8caf-4136c566a962\",\"credential\":\"acme-orders\","
                        + "\"actor\":{\"kind\":\"cli\",\"uid\":1000,\"name\":\"ada\"},"
                        + "\"target\":\"dromo@sftp.acme.example:22\",\"outcome\":\"unknown\","
                        + "\"error\":\"reset: \\\"gone\\\"\\nfor good\","
                        + "\"fingerprint\":\"" + SampleRotations.fingerprint("new") + "\","
                        + "\"previous_fingerprint\":\"" + SampleRotations.fingerprint("old") + "\","
                        + "\"detail\":{\"method\":\"authorized_keys\",\"undo\":true,\"tried\":2,"
                        + "\"places\":[\"a\",{\"b\":1}]},\"config\":\"c0ffee\",\"prev\":\""
                        + IndependentChain.sha256(Files.readAllLines(log.file()).get(0)) + "\"}");
    }

    @Test
    void writesNullWhereNothingIsKnown() throws Exception {
        log.append(AuditEvent.of("daemon.started"));

        assertThat(Files.readAllLines(log.file()).get(1))
                .contains("\"event\":\"daemon.started\",\"phase\":null,\"rotation\":null,\"credential\":null,"
                        + "\"actor\":null,\"target\":null,\"outcome\":null,\"error\":null,\"fingerprint\":null,"
                        + "\"previous_fingerprint\":null,\"detail\":null,\"config\":null,\"prev\":");
    }

    @Test
    void beginsWithARecordOfItsOwnAndSixtyFourZeros() throws Exception {
        AuditRecord first = Logs.records(directory).get(0);

        assertThat(first.seq()).isEqualTo(1);
        assertThat(first.ts()).isEqualTo(FIRST);
        assertThat(first.event()).isEqualTo("log.opened");
        assertThat(first.prev()).isEqualTo("0".repeat(64));
    }

    @Test
    void goesOnWithTheChainWhenItIsOpenedAgain() throws Exception {
        log.append(AuditEvent.of("daemon.started"));
        log.close();
        log = AuditLog.open(directory, "host7", Optional.of("c0ffee"), ticking());

        List<AuditRecord> records = Logs.records(directory);
        assertThat(records).extracting(AuditRecord::seq).containsExactly(1L, 2L, 3L);
        assertThat(records.get(2).event()).isEqualTo("log.opened");
        assertThat(records.get(2).detail()).containsEntry("previous_seq", 2L);
        assertThat(records.get(2).config()).contains("c0ffee");
    }

    @Test
    void canBeReadByItsGroupAndWrittenByItsOwnerAlone() throws Exception {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
                .isEqualTo("rwxr-x---");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(log.file())))
                .isEqualTo("rw-r-----");
    }

    @Test
    void refusesADirectoryThatOthersMayWrite() throws Exception {
        log.close();
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwx---"));

        assertThatThrownBy(() -> AuditLog.open(directory, "host7", Optional.empty(), ticking()))
                .isInstanceOf(AuditLogRefusedException.class)
                .hasMessageContaining("chmod go-w " + directory);
    }

    @Test
    void keepsASecondWriterOut() {
        assertThatThrownBy(() -> AuditLog.open(directory, "host7", Optional.empty(), ticking()))
                .isInstanceOf(BusyException.class)
                .hasMessageContaining(directory.toString());
    }

    @Test
    void refusesADetailThatIsNoPlainValueAndGoesOn() throws Exception {
        assertThatThrownBy(() -> log.append(AuditEvent.of("x").with("secret", SampleRotations.password("hunter2"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("hunter2");

        log.append(AuditEvent.of("daemon.started"));
        assertThat(writtenEvents()).containsExactly("daemon.started");
    }

    @Test
    void takesTextThatIsNoProperUnicode() throws Exception {
        log.append(AuditEvent.of("x").on("half a pair: \ud83d, a whole one: \ud83d\ude00, a line: \u2028\u0000"));

        assertThat(Logs.records(directory).get(1).target())
                .contains("half a pair: ?, a whole one: \ud83d\ude00, a line: \u2028\u0000");
    }

    @Test
    void survivesTheInterruptOfAThreadThatAppends() throws Exception {
        Thread.currentThread().interrupt();
        log.append(AuditEvent.of("one"));
        assertThat(Thread.interrupted()).isTrue();
        log.append(AuditEvent.of("two"));

        assertThat(writtenEvents()).containsExactly("one", "two");
    }

    @Test
    void writesNothingMoreAfterItWasClosed() {
        log.close();

        assertThatThrownBy(() -> log.append(AuditEvent.of("late")))
                .isInstanceOf(AuditException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void stopsWhenTheFileIsMovedAway() throws Exception {
        Path moved = directory.resolve("audit.jsonl.1");
        Files.move(log.file(), moved);
        assertThatThrownBy(() -> log.append(AuditEvent.of("lost")))
                .isInstanceOf(AuditException.class)
                .hasMessageContaining("moved away or deleted");

        Files.move(moved, log.file());
        assertThatThrownBy(() -> log.append(AuditEvent.of("lost"))).isInstanceOf(AuditException.class);
    }

    @Test
    void stopsWhenAnotherFileTakesItsPlace() throws Exception {
        Path copy = directory.resolve("copy");
        Files.copy(log.file(), copy);
        Files.move(copy, log.file(), java.nio.file.StandardCopyOption.REPLACE_EXISTING);

        assertThatThrownBy(() -> log.append(AuditEvent.of("lost")))
                .isInstanceOf(AuditException.class)
                .hasMessageContaining("another file");
    }

    @Test
    void stopsWhenSomebodyElseWritesToIt() throws Exception {
        long size = Files.size(log.file());
        Files.writeString(log.file(), "x", StandardOpenOption.APPEND);

        assertThatThrownBy(() -> log.append(AuditEvent.of("lost")))
                .isInstanceOf(AuditException.class)
                .hasMessageContaining("somebody else changed it");
        try (var channel = java.nio.channels.FileChannel.open(log.file(), StandardOpenOption.WRITE)) {
            channel.truncate(size);
        }
    }

    @Test
    void refusesAFileThatIsNoAuditLog() throws Exception {
        log.close();
        Path other = temporary.resolve("other");
        Files.createDirectory(
                other, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.writeString(other.resolve("audit.jsonl"), "some text\n".repeat(50));

        assertThatThrownBy(() -> AuditLog.open(other, "host7", Optional.empty(), ticking()))
                .isInstanceOf(AuditLogRefusedException.class)
                .hasMessageContaining("does not end like an audit log");
    }

    @Test
    void refusesAnEndThatDoesNotFollowFromTheRecordBefore() throws Exception {
        log.append(AuditEvent.of("one").on("here"));
        log.append(AuditEvent.of("two"));
        log.close();
        String text = Files.readString(log.file());
        Files.writeString(log.file(), text.replace("\"here\"", "\"hera\""));

        assertThatThrownBy(() -> AuditLog.open(directory, "host7", Optional.empty(), ticking()))
                .isInstanceOf(AuditLogRefusedException.class)
                .hasMessageContaining("keyturn audit verify");
        Files.writeString(log.file(), text);
    }

    @Test
    void isPoisonedByAFailedWrite() throws Exception {
        poisonedBy(new Logs.FailingSegment("append"));
    }

    @Test
    void isPoisonedByAFailedSync() throws Exception {
        poisonedBy(new Logs.FailingSegment("force"));
    }

    private void poisonedBy(Logs.FailingSegment failing) throws Exception {
        Path other = temporary.resolve("failing");
        try (AuditLog poisoned = AuditLog.open(other, "host7", Optional.empty(), ticking(), failing::around)) {
            poisoned.append(AuditEvent.of("good"));
            failing.arm();

            AuditException first = catchAppend(poisoned);
            failing.disarm();
            AuditException second = catchAppend(poisoned);

            assertThat(first).hasMessageContaining("No space left").hasMessageContaining(other.toString());
            assertThat(second).hasMessage(first.getMessage());
            assertThat(failing.appends()).as("nothing is tried after that").isEqualTo(failing.appendsWhenArmed());
        }
    }

    private static AuditException catchAppend(AuditLog log) {
        return org.assertj.core.api.Assertions.catchThrowableOfType(
                AuditException.class, () -> log.append(AuditEvent.of("bad")));
    }

    @Test
    void declaresATornLastLineWhereverItIsTorn() throws Exception {
        log.append(AuditEvent.of("one").on("ünïcode"));
        log.append(AuditEvent.of("two").on("last"));
        log.close();
        byte[] whole = Files.readAllBytes(log.file());
        int begin = new String(whole, StandardCharsets.ISO_8859_1).lastIndexOf("\n", whole.length - 2) + 1;
        for (int length = begin; length <= whole.length; length++) {
            Path torn = temporary.resolve("torn-" + length);
            Logs.writeLog(torn, java.util.Arrays.copyOf(whole, length));

            AuditLog.open(torn, "host7", Optional.empty(), ticking(), Logs::unsynced)
                    .close();

            byte[] after = Files.readAllBytes(torn.resolve("audit.jsonl"));
            assertThat(java.util.Arrays.copyOf(after, length))
                    .as("nothing is cut off")
                    .isEqualTo(java.util.Arrays.copyOf(whole, length));
            assertThat(AuditVerifier.verify(torn).problem())
                    .as("torn at %d", length)
                    .isEmpty();
            List<AuditRecord> records = Logs.records(torn);
            boolean clean = length == begin || length == whole.length;
            boolean keepsTheLast = length >= whole.length - 1;
            assertThat(records)
                    .extracting(AuditRecord::event)
                    .containsExactlyElementsOf(Logs.events(keepsTheLast, !clean));
            if (!clean) {
                assertThat(records.get(records.size() - 2).detail())
                        .containsEntry("fragment_bytes", keepsTheLast ? 0L : (long) (length - begin));
            }
        }
    }

    @Test
    void declaresATornRecoveryTogetherWithWhatItWasToDeclare() throws Exception {
        log.append(AuditEvent.of("one"));
        log.close();
        byte[] whole = Files.readAllBytes(log.file());
        Path once = temporary.resolve("once");
        Logs.writeLog(once, java.util.Arrays.copyOf(whole, whole.length - 20));
        AuditLog.open(once, "host7", Optional.empty(), ticking()).close();
        byte[] recovered = Files.readAllBytes(once.resolve("audit.jsonl"));
        for (int length = whole.length - 20; length < recovered.length; length++) {
            Path torn = temporary.resolve("torn-again-" + length);
            Logs.writeLog(torn, java.util.Arrays.copyOf(recovered, length));

            AuditLog.open(torn, "host7", Optional.empty(), ticking(), Logs::unsynced)
                    .close();

            assertThat(AuditVerifier.verify(torn).problem())
                    .as("torn at %d", length)
                    .isEmpty();
        }
    }

    @Test
    void saysWhyTheLogCantBeOpened() {
        assertThatThrownBy(() -> AuditLog.open(temporary.resolve("new"), "host7", Optional.empty(), ticking(), file -> {
                    throw new IOException("Read-only file system");
                }))
                .isInstanceOf(AuditLogRefusedException.class)
                .hasMessageContaining("Read-only file system")
                .hasMessageContaining(temporary.resolve("new").toString());
    }
}
