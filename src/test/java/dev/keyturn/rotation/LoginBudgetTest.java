package dev.keyturn.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.rotation.HostException.Fault;
import dev.keyturn.secret.AuthType;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LoginBudgetTest {
    private static final Account ACME = new Account("sftp.acme.example", 22, "dromo");
    private static final Instant START = Instant.parse("2026-03-01T03:00:00Z");

    private final InMemoryJournal journal = new InMemoryJournal();

    @Test
    void stopsBeforeTheThirdRefusalInARow() throws Exception {
        refused(START);
        refused(START.plusSeconds(1));

        assertThatThrownBy(() -> at(START.plusSeconds(2)).leave(ACME, AuthType.PASSWORD))
                .isInstanceOfSatisfying(HostException.class, e -> {
                    assertThat(e.fault()).isEqualTo(Fault.LOGIN_BUDGET);
                    assertThat(e.retryAfter()).contains(Duration.ofMinutes(15).minusSeconds(1));
                })
                .hasMessage(
                        "no login to dromo@sftp.acme.example:22 is tried before 2026-03-01T03:15:01Z: the host refused"
                                + " the last 2, and many hosts lock an account at the next");
    }

    @Test
    void aKeyMayBeRefusedTwiceMore() throws Exception {
        refused(START);
        refused(START);
        for (int i = 0; i < 2; i++) {
            try (LoginBudget.Leave leave = at(START).leave(ACME, AuthType.KEY)) {
                leave.refused();
            }
        }

        assertThatThrownBy(() -> at(START).leave(ACME, AuthType.KEY))
                .isInstanceOf(HostException.class)
                .hasMessageContaining("the host refused the last 4");
    }

    @Test
    void anAcceptedLoginStartsTheCountAnew() throws Exception {
        refused(START);
        try (LoginBudget.Leave leave = at(START).leave(ACME, AuthType.PASSWORD)) {
            leave.accepted();
        }
        refused(START.plusSeconds(1));

        at(START.plusSeconds(2)).leave(ACME, AuthType.PASSWORD).close();
    }

    @Test
    void refusalsAreForgottenAfterAQuarterOfAnHour() throws Exception {
        refused(START);
        refused(START.plusSeconds(1));

        at(START.plus(Duration.ofMinutes(15)).plusSeconds(1))
                .leave(ACME, AuthType.PASSWORD)
                .close();

        refused(START.plus(Duration.ofMinutes(16)));
        at(START.plus(Duration.ofMinutes(16))).leave(ACME, AuthType.PASSWORD).close();
    }

    @Test
    void aClockThatWasAheadClosesNoAccountForLongerThanAQuarterOfAnHour() throws Exception {
        refused(START.plus(Duration.ofDays(365)));
        refused(START.plus(Duration.ofDays(365)));

        assertThatThrownBy(() -> at(START).leave(ACME, AuthType.PASSWORD))
                .isInstanceOf(HostException.class)
                .hasMessageContaining("is tried before 2026-03-01T03:15:00Z");
        at(START.plus(Duration.ofMinutes(15))).leave(ACME, AuthType.PASSWORD).close();
    }

    @Test
    void countsARefusalThatIsToComeBeforeItIsAskedFor() throws Exception {
        LoginBudget.Leave killedBeforeItsEnd = at(START).leaveInVain(ACME, AuthType.PASSWORD);
        assertThat(journal.refusals(ACME)).contains(new Refusals(1, START));

        killedBeforeItsEnd.refused();
        killedBeforeItsEnd.close();
        assertThat(journal.refusals(ACME)).as("once").contains(new Refusals(1, START));
    }

    @Test
    void takesBackTheCountOfARefusalThatDidNotCome() throws Exception {
        try (LoginBudget.Leave leave = at(START).leaveInVain(ACME, AuthType.PASSWORD)) {
            leave.accepted();
        }
        assertThat(journal.refusals(ACME)).isEmpty();
        at(START).leaveInVain(ACME, AuthType.PASSWORD).close();
        assertThat(journal.refusals(ACME)).as("no clear answer").isEmpty();

        refused(START);
        at(START.plusSeconds(5)).leaveInVain(ACME, AuthType.PASSWORD).close();
        assertThat(journal.refusals(ACME)).contains(new Refusals(1, START));
    }

    @Test
    void eachAccountHasItsOwn() throws Exception {
        refused(START);
        refused(START);

        at(START)
                .leave(new Account(ACME.hostname(), ACME.port(), "other"), AuthType.PASSWORD)
                .close();
        at(START)
                .leave(new Account(ACME.hostname(), 2222, ACME.user()), AuthType.PASSWORD)
                .close();
    }

    @Test
    void whatGotNoClearAnswerCountsAsNeither() throws Exception {
        refused(START);
        at(START).leave(ACME, AuthType.PASSWORD).close();
        refused(START);

        assertThatThrownBy(() -> at(START).leave(ACME, AuthType.PASSWORD)).isInstanceOf(HostException.class);
    }

    @Test
    void manyWorkersWithOneWrongSecretAreRefusedTwice() throws Exception {
        LoginBudget shared = at(START);
        ExecutorService workers = Executors.newFixedThreadPool(8);
        try {
            Future<?>[] tries = new Future<?>[8];
            for (int i = 0; i < tries.length; i++) {
                tries[i] = workers.submit(() -> {
                    try (LoginBudget.Leave leave = shared.leave(ACME, AuthType.PASSWORD)) {
                        leave.refused();
                    } catch (HostException e) {
                        assertThat(e.fault()).isEqualTo(Fault.LOGIN_BUDGET);
                    }
                });
            }
            for (Future<?> each : tries) {
                each.get(60, TimeUnit.SECONDS);
            }
        } finally {
            workers.shutdownNow();
        }

        assertThat(journal.refusals(ACME)).contains(new Refusals(2, START));
    }

    /** Each with a budget of its own, as after a restart. */
    private void refused(Instant when) throws HostException {
        try (LoginBudget.Leave leave = at(when).leave(ACME, AuthType.PASSWORD)) {
            leave.refused();
        }
    }

    private LoginBudget at(Instant when) {
        return new LoginBudget(journal, Clock.fixed(when, ZoneOffset.UTC));
    }
}
