package dev.keyturn.notify;

import static dev.keyturn.notify.NoticeSamples.NOW;
import static dev.keyturn.notify.NoticeSamples.failed;
import static dev.keyturn.notify.NoticeSamples.notice;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.rotation.Notice;
import dev.keyturn.rotation.Notice.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
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

        assertThat(ledger.over(EnumSet.of(Kind.FAILED), well("other", NOW))).isEqualTo(Ledger.End.UNKNOWN);
        assertThat(ledger.over(EnumSet.of(Kind.OVERDUE), well("acme", NOW))).isEqualTo(Ledger.End.UNKNOWN);
        assertThat(ledger.over(EnumSet.of(Kind.FAILED), well("acme", NOW))).isEqualTo(Ledger.End.TOLD);
        assertThat(ledger.over(EnumSet.of(Kind.FAILED), well("acme", NOW))).isEqualTo(Ledger.End.UNKNOWN);
    }

    @Test
    void tellsOnceThatACredentialIsWellWhereTwoThingsEndAtOnce() {
        ledger.tell(failed("acme", NOW));
        ledger.tell(notice(Kind.DRIFT, "acme", NOW, "it drifted"));

        assertThat(ledger.tell(well("acme", NOW.plusSeconds(60)))).isTrue();
        assertThat(ledger.over(EnumSet.of(Kind.FAILED), well("acme", NOW.plusSeconds(60))))
                .isEqualTo(Ledger.End.SILENT);
        assertThat(ledger.over(EnumSet.of(Kind.DRIFT), well("acme", NOW.plusSeconds(61))))
                .isEqualTo(Ledger.End.SILENT);
        ledger.tell(failed("acme", NOW.plusSeconds(70)));
        assertThat(ledger.over(EnumSet.of(Kind.FAILED), well("acme", NOW.plusSeconds(80))))
                .as("the end of what was told in between")
                .isEqualTo(Ledger.End.TOLD);
    }

    /** A stranger's key on the host was told; that Dromo has another key than the host takes is far worse. */
    @Test
    void tellsOfADriftThatStopsImportsAlsoAfterOneThatDoesNot() {
        Notice alert = notice(Kind.DRIFT, "acme", NOW, "a key looks like ours")
                .with(Notice.Reference.ofKind("needs_a_person"));

        assertThat(ledger.tell(alert)).isTrue();
        assertThat(ledger.tell(alert)).isFalse();
        assertThat(ledger.tell(notice(Kind.DRIFT, "acme", NOW, "they differ"))).isTrue();
        assertThat(ledger.tell(notice(Kind.DRIFT, "acme", NOW, "they differ"))).isFalse();

        assertThat(ledger.tell(alert)).as("the other one was mended").isTrue();
        assertThat(ledger.tell(notice(Kind.DRIFT, "acme", NOW, "they differ")))
                .as("and came back")
                .isTrue();
    }

    /** Each would take the other's place, and both would be told at every turn. */
    @Test
    void tellsTwoFactsThatHoldAtOnceOnceEach() {
        Notice refused = notice(Kind.FAILED, "acme", NOW, "its host is another one now")
                .with(Notice.Reference.ofKind("configuration_changed"));

        assertThat(ledger.tell(refused)).isTrue();
        assertThat(ledger.tell(failed("acme", NOW))).isTrue();
        assertThat(ledger.tell(refused)).isFalse();
        assertThat(ledger.tell(failed("acme", NOW))).isFalse();
        assertThat(ledger.entries()).hasSize(2);
        ledger.forget(refused);
        assertThat(ledger.tell(refused)).isTrue();

        assertThat(ledger.over(EnumSet.of(Kind.FAILED), well("acme", NOW))).isEqualTo(Ledger.End.TOLD);
        assertThat(ledger.entries()).isEmpty();
    }

    /** It was told that the secret is old; that others know it is another matter. */
    @Test
    void tellsOfALeakAlsoAfterAge() {
        Notice leak = notice(Kind.OVERDUE, "acme", NOW, "others know its secret")
                .with(Notice.Reference.ofKind("compromised"));

        assertThat(ledger.tell(notice(Kind.OVERDUE, "acme", NOW, "in use for 100 days")))
                .isTrue();
        assertThat(ledger.tell(leak)).isTrue();
        assertThat(ledger.tell(leak)).isFalse();
    }

    @Test
    void tellsOfTheNextEndOfTheDaemonOnceItRanAgain() {
        Notice ended = Notice.general(Kind.FAILED, NOW, "store", "the daemon ends", "Mend the cause.");
        Notice runs = Notice.general(Kind.RECOVERED, NOW, "-", "the daemon runs again", "");
        assertThat(ledger.over(EnumSet.of(Kind.FAILED), runs)).isEqualTo(Ledger.End.UNKNOWN);

        assertThat(ledger.tell(ended)).isTrue();
        assertThat(ledger.tell(ended)).isFalse();
        assertThat(ledger.over(EnumSet.of(Kind.FAILED), runs)).isEqualTo(Ledger.End.TOLD);
        assertThat(ledger.tell(ended)).isTrue();
    }

    private static Notice well(String credential, Instant at) {
        return notice(Kind.RECOVERED, credential, at, credential + " is well again");
    }

    @Test
    void remembersOverARestart() throws Exception {
        LedgerFile file = new LedgerFile(directory.resolve("notices"));
        ledger.tell(failed("acme", NOW));
        file.write(ledger.entries());

        Ledger restarted = new Ledger(DAY, file.read());

        assertThat(restarted.tell(failed("acme", NOW.plusSeconds(60)))).isFalse();
        assertThat(restarted.over(EnumSet.of(Kind.FAILED), well("acme", NOW))).isEqualTo(Ledger.End.TOLD);
        assertThat(Files.getPosixFilePermissions(directory.resolve("notices")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void beginsAnewWhereTheFileIsNotItsOwn() throws Exception {
        Path file = Files.writeString(directory.resolve("notices"), "2026-03-01\tfailed\n");

        assertThat(new LedgerFile(file).read()).isEmpty();
    }
}
