package dev.keyturn.notify;

import static dev.keyturn.notify.NoticeSamples.NOW;
import static dev.keyturn.notify.NoticeSamples.failed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.rotation.Notice.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerTest {
    private static final Duration DAY = Duration.ofDays(1);

    private final Ledger ledger = new Ledger(DAY, List.of());

    @TempDir
    Path directory;

    @Test
    void tellsAFactOnceAnInterval() {
        assertThat(ledger.tell(failed("acme", NOW))).isTrue();
        assertThat(ledger.tell(failed("acme", NOW.plus(DAY).minusMillis(1)))).isFalse();
        assertThat(ledger.tell(failed("other", NOW))).isTrue();
        assertThat(ledger.tell(failed("acme", NOW.plus(DAY)))).isTrue();
    }

    @Test
    void tellsTheEndOnceAndOnlyOfWhatWasTold() {
        ledger.tell(failed("acme", NOW));

        assertThat(ledger.over(Optional.of("other"), EnumSet.of(Kind.FAILED))).isEqualTo(Ledger.End.UNKNOWN);
        assertThat(ledger.over(Optional.of("acme"), EnumSet.of(Kind.OVERDUE))).isEqualTo(Ledger.End.UNKNOWN);
        assertThat(ledger.over(Optional.of("acme"), EnumSet.of(Kind.FAILED))).isEqualTo(Ledger.End.TOLD);
        assertThat(ledger.over(Optional.of("acme"), EnumSet.of(Kind.FAILED))).isEqualTo(Ledger.End.UNKNOWN);
    }

    @Test
    void remembersOverARestart() throws Exception {
        LedgerFile file = new LedgerFile(directory.resolve("notices"));
        ledger.tell(failed("acme", NOW));
        file.write(ledger.entries());

        Ledger restarted = new Ledger(DAY, file.read());

        assertThat(restarted.tell(failed("acme", NOW.plusSeconds(60)))).isFalse();
        assertThat(restarted.over(Optional.of("acme"), EnumSet.of(Kind.FAILED))).isEqualTo(Ledger.End.TOLD);
        assertThat(Files.getPosixFilePermissions(directory.resolve("notices")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void beginsAnewWhereTheFileIsNotItsOwn() throws Exception {
        Path file = Files.writeString(directory.resolve("notices"), "2026-03-01\tfailed\n");

        assertThat(new LedgerFile(file).read()).isEmpty();
    }
}
