package dev.keyturn.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.policy.Blackout;
import dev.keyturn.policy.Hours;
import dev.keyturn.policy.Missed;
import dev.keyturn.policy.RetryRule;
import dev.keyturn.policy.Schedule;
import dev.keyturn.policy.Timing;
import dev.keyturn.policy.Verify;
import dev.keyturn.policy.Window;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GatesTest {
    private static final Duration EVERY = Duration.ofDays(60);
    private static final RetryRule ONCE = new RetryRule(1, Duration.ofMinutes(1), Duration.ofMinutes(1));

    private static final Actor OPS = Actor.cli(1000, "ops");

    private final World world = World.withKey();
    private ManagedCredential credential = scheduled(Hours.ALWAYS);

    @Test
    void areAllThereInTheirOrder() {
        assertThat(gates())
                .extracting(Gate::name)
                .containsExactly("adopted", "lock", "schedule", "retry", "pause", "window", "blackout", "logins");
    }

    @Test
    void areAllOpenForWhatIsDue() {
        world.journal.scheduled(Map.of("acme", "every 60d"), world.clock.instant());
        world.clock.advance(EVERY);

        assertThat(gates()).allSatisfy(gate -> {
            assertThat(gate.open()).as(gate.name()).isTrue();
            assertThat(gate.opensAt()).as(gate.name()).isEmpty();
        });
    }

    @Test
    void sayWhenTheScheduleOpensAndWhatItCountsFrom() {
        world.journal.scheduled(Map.of("acme", "every 60d"), world.clock.instant());
        Gate schedule = gate("schedule");

        assertThat(schedule.open()).isFalse();
        assertThat(schedule.opensAt()).contains(world.clock.instant().plus(EVERY));
        assertThat(schedule.why()).contains("every 60d: ", "counted from its adoption, ");
    }

    @Test
    void sayThatADriftIsMendedAlsoWithoutASchedule() {
        credential = TestCredential.watched("acme", new Verify(Duration.ofHours(6), Verify.OnDrift.ROTATE));
        assertThat(gate("schedule").open()).isFalse();
        world.journal.verified("acme", world.clock.instant(), Drift.MENDABLE);

        Gate schedule = gate("schedule");

        assertThat(schedule.open()).isTrue();
        assertThat(schedule.why())
                .isEqualTo("a drift was found: " + world.clock.instant() + "; verify.on_drift: rotate");
    }

    @Test
    void sayThatAScheduleIsNewToTheDaemon() {
        world.clock.advance(EVERY.multipliedBy(2));

        assertThat(gate("schedule").opensAt()).contains(world.clock.instant().plus(EVERY));
        assertThat(gate("schedule").why()).contains("first sees this schedule");
    }

    @Test
    void sayThatNothingGivesADate() {
        credential = TestCredential.named("acme");

        assertThat(gate("schedule").open()).isFalse();
        assertThat(gate("schedule").opensAt()).isEmpty();
        assertThat(gate("schedule").why()).contains("has none", "keyturn rotate acme");
    }

    @Test
    void nameTheWindowAndTheBlackoutThatAreClosed() {
        Instant noon = world.clock
                .instant()
                .atZone(ZoneOffset.UTC)
                .with(LocalTime.NOON)
                .toInstant();
        world.clock.advance(Duration.between(world.clock.instant(), noon));
        Window nights = new Window(
                EnumSet.allOf(java.time.DayOfWeek.class), LocalTime.of(1, 0), LocalTime.of(5, 0), ZoneOffset.UTC);
        Blackout freeze = new Blackout(noon.minusSeconds(1), noon.plus(Duration.ofDays(3)), "audit");
        credential = scheduled(new Hours(List.of(nights), List.of(freeze)));

        assertThat(gate("window"))
                .isEqualTo(new Gate(
                        "window", false, Optional.of(freeze.to().plus(Duration.ofHours(13))), "daily 01:00-05:00 Z"));
        assertThat(gate("blackout"))
                .isEqualTo(new Gate("blackout", false, Optional.of(freeze.to()), "blackout 'audit'"));
    }

    @Test
    void nameTheRotationThatIsOpen() {
        world.configure(Duration.ofDays(1), Optional.empty());
        RotationResult waiting = world.rotate();

        assertThat(gate("lock").open()).isFalse();
        assertThat(gate("lock").opensAt()).contains(world.clock.instant().plus(Duration.ofDays(1)));
        assertThat(gate("lock").why())
                .contains(waiting.rotation().orElseThrow().toString(), "settled first", "keyturn history acme");
    }

    @Test
    void sayWhatFailedAndWhetherItIsTriedAgain() {
        world.dromo.before("PUT", DromoException.Fault.REJECTED, 2);
        world.rotate();
        assertThat(gate("retry").open()).isTrue();
        assertThat(gate("retry").why()).contains("1 failed in a row, 1 retries are allowed", "rejected");

        world.rotate();
        assertThat(gate("retry").open()).isFalse();
        assertThat(gate("retry").opensAt()).contains(world.clock.instant().plus(EVERY));
        assertThat(gate("schedule").why()).contains("counted from the last failure, ");
    }

    @Test
    void sayWhenAFailedRotationIsSettled() {
        world.dromo.failGetsAfterNextPut(DromoException.Fault.NO_ANSWER);
        world.dromo.after("PUT", DromoException.Fault.NO_ANSWER, 99);
        world.rotate();

        assertThat(gate("lock").opensAt())
                .hasValueSatisfying(at -> assertThat(at)
                        .isBetween(world.clock.instant(), world.clock.instant().plus(ONCE.firstDelay())));
    }

    @Test
    void nameWhoPausedIt() {
        Instant until = world.clock.instant().plus(Duration.ofDays(1));
        new Pauses(new Rotator.Records(world.journal, world.audit, "test"), world.clock)
                .pause(credential, Optional.of(until), Optional.of("their server moves"), Actor.cli(1000, "ada"));

        assertThat(gate("pause").opensAt()).contains(until);
        assertThat(gate("pause").why()).contains("ada", "their server moves", "keyturn resume acme");
    }

    @Test
    void closeWhereTheHostRefusedTooMuch() {
        Instant at = world.clock.instant();

        List<Gate> gates = Gates.of(
                credential,
                world.journal.facts("acme"),
                Optional.empty(),
                account -> Optional.of(new Refusals(4, at)),
                at.plusSeconds(60));

        Gate logins = gates.get(gates.size() - 1);
        assertThat(logins.open()).isFalse();
        assertThat(logins.opensAt()).contains(at.plus(Duration.ofMinutes(15)));
    }

    @Test
    void closeWhereEitherOfAlternatingAccountsRefusedTooMuch() {
        Instant at = world.clock.instant();
        World pair = World.withAlternatingAccounts();

        List<Gate> gates = Gates.of(
                pair.credential,
                pair.journal.facts("acme"),
                Optional.empty(),
                account -> Optional.of(new Refusals(account.user().equals(World.SECOND) ? 2 : 1, at)),
                at.plusSeconds(60));

        Gate logins = gates.get(gates.size() - 1);
        assertThat(logins.open()).isFalse();
        assertThat(logins.why())
                .contains("the host refused the last 2 logins to dromo_b@sftp.example:22")
                .doesNotContain("dromo_a");
    }

    @Test
    void holdNoCompromisedSecretBack() {
        Instant now = world.clock.instant();
        Blackout freeze = new Blackout(now.minusSeconds(1), now.plus(Duration.ofDays(3)), "audit");
        credential = scheduled(new Hours(List.of(), List.of(freeze)));
        world.journal.pause("acme", new Pause(now, Optional.empty(), Optional.empty(), OPS));
        world.journal.compromised(Map.of("acme", Compromise.of(credential, now, "INC-4711", OPS)));

        assertThat(gates())
                .allSatisfy(gate -> assertThat(gate.open()).as(gate.name()).isTrue());
        assertThat(gate("schedule").why())
                .contains("ops said so with keyturn rotate --compromised", "INC-4711", "one user is still");
        CredentialStatus status = CredentialStatus.of(credential, world.journal.facts("acme"), now);
        assertThat(status.nextRotationAt()).contains(now);
        assertThat(status.compromise()).isPresent();

        world.dromo.before("PUT", DromoException.Fault.REJECTED, 1);
        assertThat(world.rotate().succeeded()).isFalse();
        assertThat(gate("retry").why()).contains("1 failed in a row", "tried again until it is gone");
        assertThat(gate("schedule").opensAt())
                .hasValueSatisfying(at -> assertThat(at).isBetween(now, now.plusSeconds(120)));
    }

    @Test
    void leaveTheScheduleItsDateInAPauseWithoutAnEnd() {
        world.journal.scheduled(Map.of("acme", "every 60d"), world.clock.instant());
        world.journal.pause("acme", pause());

        assertThat(gate("schedule").opensAt()).contains(world.clock.instant().plus(EVERY));
        assertThat(gate("schedule").why()).contains("every 60d: ");
        assertThat(gate("pause").open()).isFalse();
        assertThat(gate("pause").opensAt()).isEmpty();
    }

    @Test
    void nameTheLeakAlsoWhereItWasPausedSince() {
        Instant now = world.clock.instant();
        world.journal.compromised(Map.of("acme", Compromise.of(credential, now, "INC-4711", OPS)));
        world.clock.advance(Duration.ofMinutes(1));
        world.journal.pause("acme", pause());

        assertThat(gate("schedule").open()).isTrue();
        assertThat(gate("schedule").why()).contains("INC-4711", "one user is still to get a new secret");
        assertThat(gate("pause").open()).isFalse();
        assertThat(gate("window").why()).isEqualTo("holds no compromised secret back");
    }

    @Test
    void sayThatADateCountsFromWhenTheLastRotationWasGivenUp() throws Exception {
        World partner = World.withKeyAtAPartner(Duration.ZERO);
        partner.journal.scheduled(Map.of("acme", "every 60d"), partner.clock.instant());
        partner.rotate();
        partner.clock.advance(Duration.ofDays(3));
        partner.rotator().abandon(partner.credential, OPS, Progress.NONE);

        Gate schedule = Gates.of(
                        credential,
                        partner.journal.facts("acme"),
                        Optional.empty(),
                        account -> Optional.empty(),
                        partner.clock.instant())
                .get(2);

        assertThat(schedule.opensAt()).contains(partner.clock.instant().plus(EVERY));
        assertThat(schedule.why()).contains("counted from when the last rotation was given up, 2");
    }

    private Pause pause() {
        return new Pause(world.clock.instant(), Optional.empty(), Optional.empty(), OPS);
    }

    private static ManagedCredential scheduled(Hours hours) {
        Timing timing =
                new Timing(Optional.of(new Schedule.Every(EVERY)), Duration.ZERO, hours, Missed.NEXT_WINDOW, ONCE);
        return TestCredential.of("acme", timing, Optional.empty(), "sftp.example");
    }

    private Gate gate(String name) {
        return gates().stream()
                .filter(gate -> gate.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private List<Gate> gates() {
        return Gates.of(
                credential,
                world.journal.facts("acme"),
                world.journal.open("acme"),
                account -> Optional.empty(),
                world.clock.instant());
    }
}
