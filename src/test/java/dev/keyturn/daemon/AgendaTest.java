package dev.keyturn.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.policy.CronExpression;
import dev.keyturn.policy.KeyAlgorithm;
import dev.keyturn.policy.Policy;
import dev.keyturn.policy.RetryRule;
import dev.keyturn.policy.Schedule;
import dev.keyturn.policy.SecretRules;
import dev.keyturn.policy.Timing;
import dev.keyturn.policy.Verify;
import dev.keyturn.rotation.Account;
import dev.keyturn.rotation.Actor;
import dev.keyturn.rotation.Administrator;
import dev.keyturn.rotation.Alternate;
import dev.keyturn.rotation.Compromise;
import dev.keyturn.rotation.CredentialFacts;
import dev.keyturn.rotation.Drift;
import dev.keyturn.rotation.Failure;
import dev.keyturn.rotation.HostKeyTrust;
import dev.keyturn.rotation.InstallMethod;
import dev.keyturn.rotation.ManagedCredential;
import dev.keyturn.rotation.Outcome;
import dev.keyturn.rotation.Pause;
import dev.keyturn.rotation.RotationHead;
import dev.keyturn.rotation.RotationId;
import dev.keyturn.rotation.RotationState;
import dev.keyturn.rotation.RotationSummary;
import dev.keyturn.rotation.RotationSummary.Transition;
import dev.keyturn.rotation.Scheduled;
import dev.keyturn.rotation.SecretVersion;
import dev.keyturn.rotation.Step;
import dev.keyturn.secret.AuthType;
import dev.keyturn.secret.Fingerprint;
import dev.keyturn.secret.Secret;
import dev.keyturn.secret.SecretSource;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AgendaTest {
    private static final Instant FIRST_SEEN = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant ADOPTED = Instant.parse("2026-01-02T00:00:00Z");
    private static final Instant ROTATED = Instant.parse("2026-02-01T00:00:00Z");
    private static final Instant FAILED = Instant.parse("2026-03-05T00:00:00Z");
    private static final Duration INTERVAL = Duration.ofDays(30);
    private static final RetryRule TWICE = new RetryRule(2, Duration.ofMinutes(1), Duration.ofHours(1));
    private static final Scheduled SCHEDULED = new Scheduled("every 30d", FIRST_SEEN);
    private static final SecretVersion CURRENT =
            new SecretVersion("current", AuthType.KEY, Optional.of(Fingerprint.ofBlob(new byte[] {1})));
    private static final RotationHead HEAD = new RotationHead(
            RotationId.random(),
            "acme",
            AuthType.KEY,
            "schedule",
            Actor.SCHEDULE,
            FAILED,
            Duration.ZERO,
            Optional.of(CURRENT),
            CURRENT.fingerprint());

    private final ManagedCredential scheduled = credential(Optional.of(new Schedule.Every(INTERVAL)), Optional.empty());
    private final ManagedCredential atAPartner =
            credential(Optional.of(new Schedule.Every(INTERVAL)), new InstallMethod.Manual());

    @Test
    void countsFromTheLastRotationElseTheAdoption() {
        assertThat(nextTurn(scheduled, facts(Optional.of(ROTATED), 0, Optional.empty()), Optional.empty()))
                .contains(ROTATED.plus(INTERVAL));
        assertThat(nextTurn(scheduled, facts(Optional.empty(), 0, Optional.empty()), Optional.empty()))
                .contains(ADOPTED.plus(INTERVAL));
    }

    @Test
    void countsFromWhenItGotItsSchedule() {
        ManagedCredential daily = credential(Optional.of(new Schedule.Every(Duration.ofDays(1))), Optional.empty());
        ManagedCredential onMondays = credential(
                Optional.of(new Schedule.Cron(CronExpression.parse("0 3 * * MON"), ZoneOffset.UTC)), Optional.empty());

        assertThat(nextTurn(daily, facts(Optional.empty(), 0, Optional.empty()), Optional.empty()))
                .as("adopted long ago, and scheduled just now")
                .contains(FAILED.plus(Duration.ofDays(1)));
        assertThat(nextTurn(onMondays, facts(Optional.of(ROTATED), 0, Optional.empty()), Optional.empty()))
                .as("Mondays since the last rotation were never promised")
                .contains(Instant.parse("2026-03-09T03:00:00Z"));
        assertThat(nextTurn(daily, facts(Optional.of(ROTATED), 0, Optional.empty()), Optional.empty()))
                .as("a shorter interval counts from the last rotation")
                .contains(ROTATED.plus(Duration.ofDays(1)));
    }

    @Test
    void hasNoTurnForWhatCannotBegin() {
        assertThat(nextTurn(scheduled, unadopted(), Optional.empty())).isEmpty();
    }

    @Test
    void hasATurnForWhatAnAdministratorCanBegin() {
        ManagedCredential withAdministrator =
                credential(Optional.of(new Schedule.Every(INTERVAL)), Optional.of(administrator()));

        assertThat(nextTurn(withAdministrator, unadopted(), Optional.empty())).contains(FIRST_SEEN.plus(INTERVAL));
    }

    @Test
    void hasNoTurnWithoutASchedule() {
        ManagedCredential byHand = credential(Optional.empty(), Optional.empty());

        assertThat(nextTurn(byHand, facts(Optional.of(ROTATED), 0, Optional.empty()), Optional.empty()))
                .isEmpty();
    }

    @Test
    void comesBackAfterARotationThatWasUndone() {
        RotationSummary undone = summary(Outcome.ROLLED_BACK, Optional.of(FAILED), FAILED);

        assertThat(nextTurn(scheduled, facts(Optional.of(ROTATED), 1, Optional.of(undone)), Optional.empty()))
                .hasValueSatisfying(turn -> assertThat(turn).isBetween(FAILED, FAILED.plus(Duration.ofMinutes(1))));
        assertThat(nextTurn(scheduled, facts(Optional.of(ROTATED), 3, Optional.of(undone)), Optional.empty()))
                .contains(FAILED.plus(INTERVAL));
    }

    @Test
    void waitsForNothingWhereOthersKnowTheSecret() {
        ManagedCredential byHand = credential(Optional.empty(), Optional.empty());
        RotationState.Overlapping overlapping =
                new RotationState.Overlapping(HEAD, CURRENT, FAILED.plus(Duration.ofDays(9)));
        RotationSummary inOverlap = summary(Outcome.OVERLAP, Optional.empty());
        RotationSummary parked = summary(Outcome.FAILED, Optional.empty(), FAILED, FAILED, FAILED, FAILED);

        assertThat(nextTurn(byHand, known(facts(Optional.of(ROTATED), 0, Optional.empty())), Optional.empty()))
                .contains(FAILED.minusSeconds(60));
        assertThat(nextTurn(byHand, known(paused(Optional.of(FAILED.plus(Duration.ofDays(3))))), Optional.empty()))
                .as("paused since")
                .contains(FAILED.plus(Duration.ofDays(3)));
        assertThat(nextTurn(byHand, known(paused(Optional.empty())), Optional.empty()))
                .isEmpty();
        assertThat(nextTurn(
                        byHand,
                        known(facts(Optional.of(ROTATED), 0, Optional.of(inOverlap))),
                        Optional.of(overlapping)))
                .as("the process died before it had cut the overlap short")
                .contains(Instant.EPOCH);
        assertThat(nextTurn(
                        byHand,
                        known(facts(Optional.of(ROTATED), 1, Optional.of(parked))),
                        Optional.of(new RotationState.Publishing(HEAD, CURRENT))))
                .as("no retry is left, and there is no schedule")
                .contains(FAILED.plus(Duration.ofDays(1)));
    }

    @Test
    void settlesWhatWasInterruptedAtOnce() {
        RotationState interrupted = new RotationState.Started(HEAD);
        RotationSummary open = summary(Outcome.ROTATING, Optional.empty());

        assertThat(nextTurn(scheduled, facts(Optional.of(ROTATED), 0, Optional.of(open)), Optional.of(interrupted)))
                .contains(Instant.EPOCH);
    }

    @Test
    void settlesWhatWasInterruptedAlsoWithoutASchedule() {
        ManagedCredential byHand = credential(Optional.empty(), Optional.empty());
        RotationSummary open = summary(Outcome.ROTATING, Optional.empty());

        assertThat(nextTurn(
                        byHand,
                        facts(Optional.of(ROTATED), 0, Optional.of(open)),
                        Optional.of(new RotationState.Started(HEAD))))
                .contains(Instant.EPOCH);
    }

    @Test
    void waitsForTheEndOfAnOverlap() {
        Instant until = FAILED.plus(Duration.ofDays(1));
        RotationSummary open = summary(Outcome.OVERLAP, Optional.empty());

        assertThat(nextTurn(
                        scheduled,
                        facts(Optional.of(ROTATED), 0, Optional.of(open)),
                        Optional.of(new RotationState.Overlapping(HEAD, CURRENT, until))))
                .contains(until);
    }

    @Test
    void looksLessAndLessOftenWhetherThePartnerIsDone() {
        RotationState open = new RotationState.AwaitingInstall(HEAD, CURRENT);

        assertThat(nextTurn(atAPartner, facts(Optional.of(ROTATED), 0, Optional.of(asked(FAILED))), Optional.of(open)))
                .contains(FAILED.plus(Duration.ofMinutes(15)));
        Instant again = FAILED.plus(Duration.ofMinutes(15));
        assertThat(nextTurn(
                        atAPartner,
                        facts(Optional.of(ROTATED), 0, Optional.of(asked(FAILED, again))),
                        Optional.of(open)))
                .contains(again.plus(Duration.ofMinutes(30)));
    }

    @Test
    void looksAtOnceWhetherThePartnerIsDoneWhereAClockWasAheadThatAsked() {
        RotationState open = new RotationState.AwaitingInstall(HEAD, CURRENT);
        RotationSummary ahead = asked(FAILED, FAILED.plus(Duration.ofDays(365)));

        assertThat(nextTurn(atAPartner, facts(Optional.of(ROTATED), 0, Optional.of(ahead)), Optional.of(open)))
                .hasValueSatisfying(turn -> assertThat(turn).isBeforeOrEqualTo(FAILED));
    }

    @Test
    void neverLeavesLyingWhatAPartnerInstalled() {
        RotationState parked = new RotationState.Installed(HEAD, CURRENT);
        Instant[] failures =
                Stream.iterate(FAILED, at -> at.plusSeconds(60)).limit(9).toArray(Instant[]::new);
        RotationSummary often = summary(Outcome.FAILED, Optional.empty(), failures);

        assertThat(nextTurn(atAPartner, facts(Optional.of(ROTATED), 1, Optional.of(often)), Optional.of(parked)))
                .contains(failures[8].plus(Duration.ofHours(6)));
    }

    @Test
    void beginsAnewOnlyAtTheNextDateAfterARotationWasGivenUp() {
        RotationSummary givenUp = givenUp();

        assertThat(nextTurn(scheduled, facts(Optional.of(ROTATED), 1, Optional.of(givenUp)), Optional.empty()))
                .contains(FAILED.plus(INTERVAL));
    }

    @Test
    void comesBackToAParkedRotationWithGrowingDelays() {
        RotationState parked = new RotationState.Publishing(HEAD, CURRENT);
        RotationSummary once = summary(Outcome.FAILED, Optional.empty(), FAILED);
        RotationSummary twice = summary(Outcome.FAILED, Optional.empty(), FAILED, FAILED.plusSeconds(60));
        RotationSummary thrice =
                summary(Outcome.FAILED, Optional.empty(), FAILED, FAILED.plusSeconds(60), FAILED.plusSeconds(180));

        assertThat(nextTurn(scheduled, facts(Optional.of(ROTATED), 1, Optional.of(once)), Optional.of(parked)))
                .hasValueSatisfying(turn -> assertThat(turn).isBetween(FAILED, FAILED.plusSeconds(60)));
        assertThat(nextTurn(scheduled, facts(Optional.of(ROTATED), 1, Optional.of(twice)), Optional.of(parked)))
                .hasValueSatisfying(
                        turn -> assertThat(turn).isBetween(FAILED.plusSeconds(60), FAILED.plusSeconds(60 + 120)));
        assertThat(nextTurn(scheduled, facts(Optional.of(ROTATED), 1, Optional.of(thrice)), Optional.of(parked)))
                .contains(FAILED.plusSeconds(180).plus(INTERVAL));
    }

    @Test
    void settlesAtOnceWhatFailedByAClockThatWasAhead() {
        RotationState parked = new RotationState.Publishing(HEAD, CURRENT);
        RotationSummary ahead = summary(Outcome.FAILED, Optional.empty(), FAILED.plus(Duration.ofDays(365)));

        assertThat(nextTurn(scheduled, facts(Optional.of(ROTATED), 1, Optional.of(ahead)), Optional.of(parked)))
                .hasValueSatisfying(turn -> assertThat(turn).isBeforeOrEqualTo(FAILED));
    }

    @Test
    void waitsForTheOverlapOfAlternatingAccountsWhereTheScheduleIsTighter() {
        ManagedCredential daily = alternating(Duration.ofDays(1), Duration.ofDays(3));
        CredentialFacts switched = new CredentialFacts(
                "acme",
                Optional.of(CURRENT),
                Optional.of("dromo_a"),
                FIRST_SEEN,
                Optional.of(ROTATED),
                Optional.of(ADOPTED),
                Optional.empty(),
                Drift.NONE,
                0,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());

        assertThat(nextTurn(daily, switched, Optional.empty())).contains(ROTATED.plus(Duration.ofDays(3)));
        assertThat(nextTurn(alternating(INTERVAL, Duration.ofDays(3)), switched, Optional.empty()))
                .contains(ROTATED.plus(INTERVAL));
        assertThat(nextTurn(
                        alternating(INTERVAL, Duration.ofDays(3)),
                        facts(Optional.empty(), 0, Optional.empty()),
                        Optional.empty()))
                .as("nothing was switched yet")
                .contains(ADOPTED.plus(INTERVAL));
    }

    private static Optional<Instant> nextTurn(
            ManagedCredential credential, CredentialFacts facts, Optional<RotationState> open) {
        return Agenda.nextTurn(credential, facts, open, FAILED);
    }

    private static ManagedCredential alternating(Duration every, Duration overlap) {
        ManagedCredential single = credential(Optional.of(new Schedule.Every(every)), Optional.of(administrator()));
        Policy policy = new Policy(
                "p",
                single.policy().secret(),
                single.policy().timing(),
                overlap,
                Optional.empty(),
                false,
                Optional.empty());
        return new ManagedCredential(
                "acme",
                policy,
                "dromo-id",
                single.account(),
                single.hostKey(),
                single.install(),
                Optional.empty(),
                Map.of(),
                Optional.of(new Alternate("dromo_a", "dromo_b")));
    }

    private static CredentialFacts facts(
            Optional<Instant> rotatedAt, int failures, Optional<RotationSummary> lastRotation) {
        return new CredentialFacts(
                "acme",
                Optional.of(CURRENT),
                Optional.empty(),
                FIRST_SEEN,
                rotatedAt,
                Optional.of(ADOPTED),
                Optional.empty(),
                Drift.NONE,
                failures,
                lastRotation,
                Optional.empty(),
                Optional.of(SCHEDULED),
                Optional.empty());
    }

    /** Paused after others were said to know the secret. */
    private static CredentialFacts paused(Optional<Instant> until) {
        Pause pause = new Pause(FAILED.minusSeconds(9), until, Optional.empty(), Actor.cli(1, "ops"));
        return with(facts(Optional.of(ROTATED), 0, Optional.empty()), Optional.of(pause), Optional.empty());
    }

    /** The same, and others know the secret. */
    private CredentialFacts known(CredentialFacts facts) {
        Compromise word = new Compromise(
                FAILED.minusSeconds(60),
                "leaked",
                Actor.cli(1000, "ops"),
                Set.of(scheduled.account().user()));
        return with(facts, facts.pause(), Optional.of(word));
    }

    private static CredentialFacts with(CredentialFacts facts, Optional<Pause> pause, Optional<Compromise> compromise) {
        return new CredentialFacts(
                facts.credential(),
                facts.current(),
                facts.user(),
                facts.firstSeenAt(),
                facts.rotatedAt(),
                facts.adoptedAt(),
                facts.lastVerifiedAt(),
                facts.drift(),
                facts.failuresInARow(),
                facts.lastRotation(),
                pause,
                facts.scheduled(),
                compromise);
    }

    private static CredentialFacts unadopted() {
        return new CredentialFacts(
                "acme",
                Optional.empty(),
                Optional.empty(),
                FIRST_SEEN,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Drift.NONE,
                0,
                Optional.empty(),
                Optional.empty(),
                Optional.of(SCHEDULED),
                Optional.empty());
    }

    /** A rotation that failed at each of these instants. */
    private static RotationSummary summary(Outcome outcome, Optional<Instant> finishedAt, Instant... failedAt) {
        Failure why = new Failure(Step.PUBLISH, "no_answer", "acme: no answer", "", "Wait.");
        List<Transition> steps = new ArrayList<>();
        steps.add(new Transition(RotationState.Kind.STARTED, FAILED.minusSeconds(5), Optional.empty(), List.of()));
        for (Instant at : failedAt) {
            steps.add(new Transition(RotationState.Kind.PUBLISHING, at, Optional.of(why), List.of()));
        }
        return summary(outcome, finishedAt, failedAt.length == 0 ? Optional.empty() : Optional.of(why), steps);
    }

    /** A rotation whose partner was asked, or asked again, at each of these instants. */
    private static RotationSummary asked(Instant... at) {
        return summary(
                Outcome.AWAITING_INSTALL,
                Optional.empty(),
                Optional.empty(),
                Stream.of(at)
                        .map(each ->
                                new Transition(RotationState.Kind.AWAITING_INSTALL, each, Optional.empty(), List.of()))
                        .toList());
    }

    /** A rotation that a person gave up. */
    private static RotationSummary givenUp() {
        Failure why = new Failure(Step.INSTALL, "abandoned", "acme: given up by ada", "", "");
        Transition end = new Transition(RotationState.Kind.ROLLED_BACK, FAILED, Optional.of(why), List.of());
        return summary(Outcome.ROLLED_BACK, Optional.of(FAILED), Optional.of(why), List.of(end));
    }

    private static RotationSummary summary(
            Outcome outcome, Optional<Instant> finishedAt, Optional<Failure> failure, List<Transition> steps) {
        return new RotationSummary(
                HEAD.id(),
                "acme",
                AuthType.KEY,
                "schedule",
                Actor.SCHEDULE,
                FAILED.minusSeconds(5),
                finishedAt,
                outcome,
                Optional.empty(),
                Optional.empty(),
                failure,
                Optional.empty(),
                steps);
    }

    private static ManagedCredential credential(Optional<Schedule> schedule, Optional<Administrator> as) {
        return credential(schedule, new InstallMethod.AuthorizedKeys(InstallMethod.AuthorizedKeys.DEFAULT_PATH, as));
    }

    private static ManagedCredential credential(Optional<Schedule> schedule, InstallMethod install) {
        return new ManagedCredential(
                "acme",
                new Policy(
                        "p",
                        new SecretRules.SshKey(KeyAlgorithm.ED25519),
                        Timing.of(schedule, TWICE),
                        Duration.ZERO,
                        Optional.empty(),
                        false,
                        Optional.empty()),
                "dromo-id",
                new Account("sftp.example", 22, "dromo"),
                new HostKeyTrust.Pinned(Fingerprint.ofBlob(new byte[] {2})),
                install,
                Optional.empty(),
                Map.of());
    }

    private static Administrator administrator() {
        return new Administrator("admin", AuthType.KEY, new SecretSource() {
            @Override
            public Secret load() {
                throw new AssertionError("not asked for");
            }

            @Override
            public String describe() {
                return "a test's key";
            }
        });
    }

    private static final Instant STARTED = ROTATED.plusSeconds(60);

    @Test
    void checksNothingWhosePolicyDoesNotAskForIt() {
        assertThat(Agenda.nextCheck(
                        scheduled,
                        facts(Optional.of(ROTATED), 0, Optional.empty()),
                        Optional.empty(),
                        STARTED,
                        STARTED))
                .isEmpty();
    }

    @Test
    void aRotationTakesThePlaceOfACheck() {
        Duration every = Duration.ofHours(6);
        Instant next = nextCheck(every, Optional.empty(), STARTED.plusSeconds(1));

        assertThat(next).isBetween(ROTATED, ROTATED.plus(every));
        assertThat(nextCheck(every, Optional.of(next), next.plusSeconds(1))).isEqualTo(next.plus(every));
    }

    @Test
    void aClockThatWasAheadPutsNoCheckOff() {
        Duration every = Duration.ofHours(6);
        Instant inAYear = STARTED.plus(Duration.ofDays(365));

        assertThat(nextCheck(every, Optional.of(inAYear), STARTED.plusSeconds(1)))
                .isBefore(STARTED.plus(every).plusSeconds(1));
    }

    private Instant nextCheck(Duration every, Optional<Instant> tried, Instant now) {
        ManagedCredential watched = verified(scheduled, new Verify(every, Verify.OnDrift.ALERT));
        return Agenda.nextCheck(watched, facts(Optional.of(ROTATED), 0, Optional.empty()), tried, STARTED, now)
                .orElseThrow();
    }

    private static ManagedCredential verified(ManagedCredential like, Verify verify) {
        Policy policy = like.policy();
        return new ManagedCredential(
                like.name(),
                new Policy(
                        policy.name(),
                        policy.secret(),
                        policy.timing(),
                        policy.overlap(),
                        policy.maxAge(),
                        policy.allowGap(),
                        Optional.of(verify)),
                like.dromoId(),
                like.account(),
                like.hostKey(),
                like.install(),
                like.probeDirectory(),
                like.labels());
    }
}
