package dev.keyturn.rotation;

import static dev.keyturn.rotation.SampleRotations.START;
import static dev.keyturn.rotation.SampleRotations.entry;
import static dev.keyturn.rotation.SampleRotations.failed;
import static dev.keyturn.rotation.SampleRotations.failure;
import static dev.keyturn.rotation.SampleRotations.head;
import static dev.keyturn.rotation.SampleRotations.keyPair;
import static dev.keyturn.rotation.SampleRotations.password;
import static dev.keyturn.rotation.SampleRotations.storing;
import static dev.keyturn.rotation.SampleRotations.version;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.rotation.RotationState.Completed;
import dev.keyturn.rotation.RotationState.Confirmed;
import dev.keyturn.rotation.RotationState.Generated;
import dev.keyturn.rotation.RotationState.Overlapping;
import dev.keyturn.rotation.RotationState.RolledBack;
import dev.keyturn.rotation.RotationState.Started;
import dev.keyturn.rotation.RotationState.Withdrawing;
import dev.keyturn.secret.AuthType;
import dev.keyturn.secret.LoginSecret;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every journal promises. */
public abstract class JournalContract {
    protected static final Duration TTL = Duration.ofHours(1);
    private static final Account ACCOUNT = new Account("sftp.acme.example", 22, "dromo");
    protected static final String HOLDER = "host7/4711";

    /** A journal that knows nothing. Each test asks once. */
    protected abstract Journal emptyJournal() throws Exception;

    /** The same journal, as the next process of the same state directory finds it. */
    protected abstract Journal reopened() throws Exception;

    @Test
    public void givesBackARotationInEachStateAsItWasWritten() throws Exception {
        Journal journal = emptyJournal();
        LoginSecret.KeyPair old = keyPair("old");
        List<RotationState> written = new ArrayList<>();
        for (Optional<SecretVersion> previous :
                List.of(Optional.<SecretVersion>empty(), Optional.of(version("old", old)))) {
            for (RotationState each : SampleRotations.everyState(head("x", previous), version("v", keyPair("new")))
                    .toList()) {
                String credential = "acme-" + written.size();
                RotationState state = moved(each, credential);
                write(journal, credential, entry(state, START));
                written.add(state);
            }
        }

        Journal reopened = reopened();

        for (RotationState state : written) {
            assertThat(reopened.open(state.head().credential()))
                    .isEqualTo(state.kind().terminal() ? Optional.empty() : Optional.of(state));
        }
        assertThat(reopened.open())
                .containsExactlyElementsOf(written.stream()
                        .filter(state -> !state.kind().terminal())
                        .toList());
    }

    private static RotationState moved(RotationState state, String credential) {
        RotationHead h = state.head();
        RotationHead moved = new RotationHead(
                RotationId.random(),
                credential,
                h.authType(),
                h.reason(),
                h.actor(),
                h.startedAt(),
                h.overlap(),
                h.previous(),
                h.previousFingerprint());
        RotationSnapshot snapshot = RotationSnapshot.of(state);
        return new RotationSnapshot(
                        snapshot.kind(), moved, snapshot.candidate(), snapshot.overlapUntil(), snapshot.undoneBecause())
                .restore();
    }

    @Test
    public void givesBackAHeadWithNothingOptionalInIt() throws Exception {
        Journal journal = emptyJournal();
        RotationHead head = new RotationHead(
                RotationId.random(),
                "acme",
                AuthType.PASSWORD,
                "",
                Actor.SCHEDULE,
                START,
                Duration.ZERO,
                Optional.empty(),
                Optional.empty());
        Generated state = new Generated(head, new SecretVersion("p1", AuthType.PASSWORD, Optional.empty()));
        write(journal, "acme", entry(state, START));

        assertThat(reopened().open("acme")).contains(state);
    }

    @Test
    public void keepsAPauseUntilItIsResumed() throws Exception {
        Journal journal = emptyJournal();
        Pause full = new Pause(
                START, Optional.of(START.plusSeconds(60)), Optional.of("their server moves"), Actor.cli(1000, "ops"));
        Pause bare = new Pause(START, Optional.empty(), Optional.empty(), Actor.cli(0, "root"));
        journal.pause("full", bare);
        journal.pause("full", full);
        journal.pause("bare", bare);
        journal.pause("resumed", full);
        journal.resume("resumed");
        journal.resume("never heard of");

        Journal reopened = reopened();

        assertThat(reopened.facts("full").orElseThrow().pause()).contains(full);
        assertThat(reopened.facts("bare").orElseThrow().pause()).contains(bare);
        assertThat(reopened.facts("resumed").orElseThrow().pause()).isEmpty();
        assertThat(reopened.facts("never heard of")).isEmpty();
        assertThat(reopened.facts()).extracting(CredentialFacts::pause).contains(Optional.of(full), Optional.of(bare));
    }

    @Test
    public void strikesOffACompromisedAccountOnceARotationOfItCompleted() throws Exception {
        Journal journal = emptyJournal();
        Compromise both = word("dromo_a", "dromo_b");
        journal.compromised(Map.of("acme", both, "other", word("x")));

        complete(journal, switching(Optional.empty(), Optional.empty()));
        assertThat(compromise(journal)).as("one that knew nothing of it").contains(both);
        complete(journal, switching(Optional.empty(), Optional.empty()).ofCompromised());

        Journal reopened = reopened();
        assertThat(reopened.compromised()).containsExactly("acme", "other");
        assertThat(compromise(reopened)).as("Dromo was switched to b").contains(word("dromo_a"));
        complete(reopened, switching(Optional.empty(), Optional.empty()).ofCompromised());
        assertThat(compromise(reopened)).as("b once more").contains(word("dromo_a"));
        reopened.notCompromised("acme", new Compromise(START.minusSeconds(1), "older", Actor.cli(0, "root"), both()));
        assertThat(compromise(reopened)).as("another word than this").isPresent();
        reopened.notCompromised("acme", word("dromo_a"));
        assertThat(compromise(reopened)).isEmpty();
        assertThat(reopened.compromised()).containsExactly("other");
    }

    /** What an open rotation has made by then may be known as well. */
    @Test
    public void strikesOffNothingByARotationThatBeganBeforeTheWord() throws Exception {
        Journal journal = emptyJournal();
        journal.compromised(Map.of("acme", word("dromo_b")));
        RotationHead open = switching(Optional.empty(), Optional.empty()).ofCompromised();
        write(journal, "acme", entry(new Started(open), START));
        Compromise again = new Compromise(START.plusSeconds(9), "once more", Actor.cli(0, "root"), both());

        journal.compromised(Map.of("acme", again));
        assertThat(journal.open("acme").orElseThrow().head().compromised()).isFalse();
        complete(journal, open);

        assertThat(compromise(reopened())).contains(again);
    }

    @Test
    public void strikesOffNothingByAnAdoption() throws Exception {
        Journal journal = emptyJournal();
        journal.compromised(Map.of("acme", word("dromo_a", "dromo_b")));
        LoginSecret handed = password("handed over");
        adopt(journal, "acme", version("a1", handed), handed, START.plusSeconds(60));

        assertThat(compromise(journal))
                .as("what is adopted is what is in use, and known")
                .contains(word("dromo_a", "dromo_b"));
    }

    @Test
    public void knowsAgainThatARotationIsOfACompromisedSecret() throws Exception {
        Started started = new Started(head("acme", Optional.empty()).ofCompromised());
        write(emptyJournal(), "acme", entry(started, START));

        assertThat(started.head().compromised()).isTrue();
        assertThat(reopened().open("acme")).contains(started);
    }

    private static Set<String> both() {
        return Set.of("dromo_a", "dromo_b");
    }

    private static Compromise word(String... users) {
        return new Compromise(START, "stolen laptop", Actor.cli(1000, "ops"), Set.of(users));
    }

    private static Optional<Compromise> compromise(Journal journal) {
        return journal.facts("acme").orElseThrow().compromise();
    }

    private static void complete(Journal journal, RotationHead head) throws BusyException {
        SecretVersion version = new SecretVersion(head.id().text(), AuthType.PASSWORD, Optional.empty());
        write(journal, head.credential(), entry(new Completed(head, version), START));
    }

    @Test
    public void keepsThatAnOverlapWasCutShort() throws Exception {
        Journal journal = emptyJournal();
        RotationState overlapping =
                new Overlapping(head("acme", Optional.empty()), version("v1", keyPair("new")), START.plusSeconds(3600));
        RotationState cutShort =
                RotationSnapshot.of(overlapping).withoutOverlap(START).restore();
        write(journal, "acme", entry(overlapping, START));
        write(journal, "acme", entry(cutShort, START));

        assertThat(overlapping.head().overlap()).isPositive();
        assertThat(cutShort.head().overlap()).isZero();
        assertThat(reopened().open("acme")).contains(cutShort);
    }

    @Test
    public void keepsThePredecessorThatTheHostTurnedOutToHave() throws Exception {
        Journal journal = emptyJournal();
        LoginSecret.KeyPair late = keyPair("late");
        Started started = new Started(head("acme", Optional.of(version("old", keyPair("old")))));
        Generated generated =
                new Generated(started.head().replacing(version("late", late)), version("v1", keyPair("new")));
        write(journal, "acme", entry(started, START));
        write(journal, "acme", entry(generated, START));

        assertThat(reopened().open("acme")).contains(generated);
    }

    @Test
    public void keepsWhoseAccountsARotationIsAbout() throws Exception {
        Journal journal = emptyJournal();
        LoginSecret active = password("active");
        LoginSecret idle = password("idle");
        adopt(journal, "acme", version("a1", active), active, "dromo_a");
        adoptIdle(journal, "acme", version("b1", idle), idle, "dromo_b");
        RotationHead bound = switching(Optional.of(version("a1", active)), Optional.of(version("b1", idle)));
        RotationHead unbound = new RotationHead(
                bound.id(),
                "acme",
                AuthType.PASSWORD,
                "a turn",
                Actor.SCHEDULE,
                START,
                Duration.ZERO,
                bound.previous(),
                Optional.empty());
        LoginSecret fresh = password("new");
        Generated generated = new Generated(bound, version("c1", fresh));
        write(journal, "acme", entry(new RotationState.Started(unbound), START));
        write(journal, "acme", storing(generated, START, fresh));

        Journal reopened = reopened();

        assertThat(reopened.open("acme")).contains(generated);
        assertThat(reopened.history(Optional.of("acme"), 1).get(0).users()).isEqualTo(bound.users());
    }

    @Test
    public void knowsTheSecretsOfEachUserInTheirOrder() throws Exception {
        Journal journal = emptyJournal();
        LoginSecret active = password("active");
        LoginSecret idle = password("idle");
        LoginSecret fresh = password("new");
        adopt(journal, "acme", version("a1", active), active, "dromo_a");
        adoptIdle(journal, "acme", version("b1", idle), idle, "dromo_b");
        assertThat(journal.facts("acme").orElseThrow().current()).contains(version("a1", active));

        RotationHead head = switching(Optional.of(version("a1", active)), Optional.of(version("b1", idle)));
        write(journal, "acme", storing(new Generated(head, version("b0", fresh)), START, fresh));
        assertThat(journal.secretsOf("acme", "dromo_b")).containsExactly(version("b1", idle), version("b0", fresh));
        assertThat(journal.facts("acme").orElseThrow().user()).contains("dromo_a");

        write(
                journal,
                "acme",
                entry(new Confirmed(head, version("b0", fresh)), START).promoting(version("b0", fresh)));
        Journal reopened = reopened();
        assertThat(reopened.facts("acme").orElseThrow().user()).contains("dromo_b");
        assertThat(reopened.secretsOf("acme", "dromo_a")).containsExactly(version("a1", active));
        assertThat(reopened.secretsOf("acme", "dromo_c")).isEmpty();
        assertThat(reopened.secretsOf("other", "dromo_a")).isEmpty();
    }

    @Test
    public void givesTheSecretOfASingleAccountToItsUserAtTheFirstSwitch() throws Exception {
        Journal journal = emptyJournal();
        LoginSecret single = password("single");
        LoginSecret fresh = password("new");
        adopt(journal, "acme", version("a1", single), single, START);
        RotationHead head = switching(Optional.of(version("a1", single)), Optional.empty());
        write(journal, "acme", storing(new Generated(head, version("b1", fresh)), START, fresh));
        assertThat(journal.secretsOf("acme", "dromo_a")).isEmpty();

        write(
                journal,
                "acme",
                entry(new Confirmed(head, version("b1", fresh)), START).promoting(version("b1", fresh)));

        assertThat(journal.secretsOf("acme", "dromo_a")).containsExactly(version("a1", single));
    }

    @Test
    public void erasesByAdoptionWhatWasOfTheSameUserOnly() throws Exception {
        Journal journal = emptyJournal();
        LoginSecret active = password("active");
        LoginSecret idle = password("idle");
        LoginSecret handed = password("handed over");
        adopt(journal, "acme", version("a1", active), active, "dromo_a");
        adoptIdle(journal, "acme", version("b1", idle), idle, "dromo_b");

        adoptIdle(journal, "acme", version("b2", handed), handed, "dromo_b");
        assertThat(journal.secretsOf("acme", "dromo_b")).containsExactly(version("b2", handed));
        adopt(journal, "acme", version("b3", idle), idle, "dromo_b");

        assertThat(journal.facts("acme").orElseThrow().user()).contains("dromo_b");
        assertThat(journal.secretsOf("acme", "dromo_b")).containsExactly(version("b3", idle));
        assertThat(journal.secretsOf("acme", "dromo_a"))
                .as("the former one in use is the other account's now")
                .containsExactly(version("a1", active));
    }

    @Test
    public void keepsAKeyPairByteForByte() throws Exception {
        Journal journal = emptyJournal();
        LoginSecret.KeyPair pair = keyPair("mine");
        Generated state = new Generated(head("acme", Optional.empty()), version("v1", pair));
        write(journal, "acme", storing(state, START, pair));

        try (LoginSecret read = reopened().secret(state.secret())) {
            assertThat(read).isInstanceOfSatisfying(LoginSecret.KeyPair.class, got -> {
                assertThat(got.privateKey().sameAs(pair.privateKey())).isTrue();
                assertThat(got.publicKey()).isEqualTo(pair.publicKey());
            });
        }
    }

    @Test
    public void keepsAPasswordByteForByte() throws Exception {
        Journal journal = emptyJournal();
        LoginSecret.Password password = password("pä$$wörd\u0000 with a NUL");
        Generated state = new Generated(head("acme", Optional.empty()), version("v1", password));
        write(journal, "acme", storing(state, START, password));

        try (LoginSecret read = reopened().secret(state.secret())) {
            assertThat(read)
                    .isInstanceOfSatisfying(
                            LoginSecret.Password.class,
                            got -> assertThat(got.value().sameAs(password.value()))
                                    .isTrue());
        }
    }

    @Test
    public void leavesTheSecretItWasHandedToItsOwner() throws Exception {
        Journal journal = emptyJournal();
        LoginSecret.Password password = password("still mine");
        Generated state = new Generated(head("acme", Optional.empty()), version("v1", password));
        write(journal, "acme", storing(state, START, password));

        journal.secret(state.secret()).close();
        try (LoginSecret second = journal.secret(state.secret())) {
            assertThat(((LoginSecret.Password) second).value().sameAs(password.value()))
                    .isTrue();
        }
    }

    @Test
    public void saysWhichSecretIsNotInTheStore() throws Exception {
        Journal journal = emptyJournal();

        assertThatThrownBy(() -> journal.secret(version("nowhere", password("x"))))
                .isInstanceOf(JournalException.class)
                .hasMessageContaining("nowhere");
    }

    @Test
    public void erasesASecretInTheSameEntry() throws Exception {
        Journal journal = emptyJournal();
        LoginSecret.Password password = password("to go");
        Generated state = new Generated(head("acme", Optional.empty()), version("v1", password));
        write(journal, "acme", storing(state, START, password));
        write(journal, "acme", entry(state.abandoned(), START).erasing(Set.of("v1", "never-was")));

        assertThatThrownBy(() -> reopened().secret(state.secret())).isInstanceOf(JournalException.class);
    }

    @Test
    public void adoptsASecretAndErasesTheOneBefore() throws Exception {
        Journal journal = emptyJournal();
        LoginSecret first = password("first");
        LoginSecret second = keyPair("second");
        adopt(journal, "acme", version("a1", first), first, START);
        adopt(journal, "acme", version("a2", second), second, START.plusSeconds(60));

        Journal reopened = reopened();
        CredentialFacts facts = reopened.facts("acme").orElseThrow();
        assertThat(facts.current()).contains(version("a2", second));
        assertThat(facts.firstSeenAt()).isEqualTo(START);
        assertThat(facts.adoptedAt()).contains(START.plusSeconds(60));
        assertThat(facts.rotatedAt()).isEmpty();
        assertThatThrownBy(() -> reopened.secret(version("a1", first))).isInstanceOf(JournalException.class);
        try (LoginSecret read = reopened.secret(version("a2", second))) {
            assertThat(read.fingerprint()).isEqualTo(second.fingerprint());
        }
    }

    @Test
    public void promotesTheNewSecretWithItsDate() throws Exception {
        Journal journal = emptyJournal();
        Confirmed confirmed = promote(journal, "acme", START.plusSeconds(5));

        CredentialFacts facts = reopened().facts("acme").orElseThrow();
        assertThat(facts.current()).contains(confirmed.secret());
        assertThat(facts.rotatedAt()).contains(START.plusSeconds(5));
    }

    @Test
    public void aSecretThatTurnedOutToBeInUseIsNotARotatedOne() throws Exception {
        Journal journal = emptyJournal();
        Confirmed before = promote(journal, "acme", START);
        write(journal, "acme", entry(new Completed(before.head(), before.secret()), START));
        RotationHead head = head("acme", Optional.of(before.secret()));
        LoginSecret.KeyPair late = keyPair("late");
        SecretVersion found = version(head.id().text(), late);
        write(journal, "acme", storing(new Generated(head, found), START, late));
        write(
                journal,
                "acme",
                entry(new RolledBack(head, found, failure(Step.PUBLISH)), START.plusSeconds(60))
                        .promoting(found));

        CredentialFacts facts = reopened().facts("acme").orElseThrow();
        assertThat(facts.current()).contains(found);
        assertThat(facts.rotatedAt()).contains(START);
        assertThat(facts.failuresInARow())
                .as("the rotation failed all the same")
                .isEqualTo(1);
    }

    @Test
    public void aSecretHandedOverAfterARotationIsNotARotatedOne() throws Exception {
        Journal journal = emptyJournal();
        promote(journal, "acme", START);
        LoginSecret handed = password("handed over");
        adopt(journal, "acme", version("a1", handed), handed, START.plusSeconds(60));

        CredentialFacts facts = journal.facts("acme").orElseThrow();
        assertThat(facts.rotatedAt()).isEmpty();
        assertThat(facts.adoptedAt()).contains(START.plusSeconds(60));
    }

    @Test
    public void knowsNothingOfACredentialBeforeItIsFirstSeen() throws Exception {
        Journal journal = emptyJournal();

        assertThat(journal.facts("acme")).isEmpty();
        assertThat(journal.facts()).isEmpty();
    }

    @Test
    public void keepsSinceWhenACredentialHasItsSchedule() throws Exception {
        Journal journal = emptyJournal();
        journal.firstSeen(List.of("acme"), START);
        assertThat(journal.facts("acme").orElseThrow().scheduled()).isEmpty();

        journal.scheduled(Map.of("acme", "every 60d", "never heard of", "every 1d"), START.plusSeconds(1));
        journal.scheduled(Map.of("acme", "every 60d"), START.plusSeconds(2));

        Journal again = reopened();
        assertThat(again.facts("acme").orElseThrow().scheduled())
                .contains(new Scheduled("every 60d", START.plusSeconds(1)));
        assertThat(again.facts("never heard of")).isEmpty();

        again.scheduled(Map.of("acme", "every 30d"), START.plusSeconds(3));

        assertThat(again.facts("acme").orElseThrow().scheduled())
                .contains(new Scheduled("every 30d", START.plusSeconds(3)));
    }

    /** Else no date would come before the clock's mistake is true. */
    @Test
    public void countsAScheduleFromNowThatAClockWroteWhichWasAhead() throws Exception {
        Journal journal = emptyJournal();
        journal.firstSeen(List.of("acme"), START);
        journal.scheduled(Map.of("acme", "every 60d"), START.plus(Duration.ofDays(365)));

        journal.scheduled(Map.of("acme", "every 60d"), START);

        assertThat(reopened().facts("acme").orElseThrow().scheduled()).contains(new Scheduled("every 60d", START));
    }

    /** Else the dates of the time without it would count as missed. */
    @Test
    public void callsAScheduleNewThatACredentialGetsBack() throws Exception {
        Journal journal = emptyJournal();
        journal.firstSeen(List.of("acme", "other"), START);
        journal.scheduled(Map.of("acme", "every 60d", "other", "every 60d"), START.plusSeconds(1));

        journal.scheduled(Map.of("other", "every 60d"), START.plusSeconds(2));
        assertThat(journal.facts("acme").orElseThrow().scheduled()).isEmpty();
        journal.scheduled(Map.of("acme", "every 60d", "other", "every 60d"), START.plusSeconds(3));

        Journal again = reopened();
        assertThat(again.facts("acme").orElseThrow().scheduled())
                .contains(new Scheduled("every 60d", START.plusSeconds(3)));
        assertThat(again.facts("other").orElseThrow().scheduled())
                .contains(new Scheduled("every 60d", START.plusSeconds(1)));
    }

    @Test
    public void keepsTheDateACredentialWasFirstSeen() throws Exception {
        Journal journal = emptyJournal();
        journal.firstSeen(List.of("beta", "acme"), START);
        journal.firstSeen(List.of("acme", "gamma"), START.plusSeconds(9));

        List<CredentialFacts> facts = reopened().facts();
        assertThat(facts).extracting(CredentialFacts::credential).containsExactly("acme", "beta", "gamma");
        assertThat(facts).extracting(CredentialFacts::firstSeenAt).containsExactly(START, START, START.plusSeconds(9));
        assertThat(facts.get(0).drift()).isEqualTo(Drift.NONE);
        assertThat(facts.get(0).lastRotation()).isEmpty();
    }

    /** A store may read a fleet in pieces. */
    @Test
    public void tellsOfEachOfAFleetOnceByName() throws Exception {
        List<String> names = IntStream.range(0, 2_500)
                .mapToObj(i -> String.format(Locale.ROOT, "fleet-%04d", i))
                .toList();
        Journal journal = emptyJournal();
        journal.firstSeen(names, START);
        promote(journal, "fleet-1700", START.plusSeconds(1));

        List<CredentialFacts> facts = reopened().facts();

        assertThat(facts).extracting(CredentialFacts::credential).containsExactlyElementsOf(names);
        assertThat(facts)
                .filteredOn(known -> known.lastRotation().isPresent())
                .extracting(CredentialFacts::credential)
                .containsExactly("fleet-1700");
    }

    @Test
    public void remembersTheLastCheck() throws Exception {
        Journal journal = emptyJournal();
        journal.verified("acme", START, Drift.NONE);
        journal.verified("acme", START.plusSeconds(1), Drift.MENDABLE);

        CredentialFacts facts = reopened().facts("acme").orElseThrow();
        assertThat(facts.lastVerifiedAt()).contains(START.plusSeconds(1));
        assertThat(facts.drift()).isEqualTo(Drift.MENDABLE);
    }

    @Test
    public void remembersWhetherARotationMayMendWhatWasFound() throws Exception {
        Journal journal = emptyJournal();
        journal.verified("acme", START, Drift.ALERT);

        assertThat(reopened().facts("acme").orElseThrow().drift()).isEqualTo(Drift.ALERT);
    }

    @Test
    public void knowsEachKeyThatItHasWhoeverItIsOf() throws Exception {
        Journal journal = emptyJournal();
        LoginSecret.KeyPair current = keyPair("current");
        LoginSecret.KeyPair made = keyPair("made");
        adopt(journal, "acme", version("a1", current), current, START);
        Started started = new Started(head("beta", Optional.empty()));
        write(journal, "beta", storing(started.generated(version("v", made), started.head()), START, made));

        assertThat(journal.knows(current.publicKey())).isTrue();
        assertThat(journal.knows(made.publicKey())).isTrue();
        assertThat(journal.knows(keyPair("stranger").publicKey())).isFalse();
        assertThat(journal.facts("acme").orElseThrow().drifted()).isFalse();
    }

    @Test
    public void aNewSecretEndsTheDriftOfTheOldOne() throws Exception {
        Journal journal = emptyJournal();
        journal.verified("acme", START, Drift.MENDABLE);
        journal.verified("beta", START, Drift.MENDABLE);
        promote(journal, "acme", START.plusSeconds(1));
        LoginSecret handed = password("handed over");
        adopt(journal, "beta", version("a1", handed), handed, START);

        assertThat(journal.facts()).extracting(CredentialFacts::drift).containsExactly(Drift.NONE, Drift.NONE);
        assertThat(journal.facts("acme").orElseThrow().lastVerifiedAt()).contains(START);
    }

    @Test
    public void countsARotationThatFailsOnceHoweverOftenItParks() throws Exception {
        Journal journal = emptyJournal();
        Generated state = new Generated(head("acme", Optional.empty()), version("v1", password("x")));
        write(journal, "acme", entry(new Started(state.head()), START));
        assertThat(failures(journal)).isZero();
        write(journal, "acme", failed(state.installing(), START));
        write(journal, "acme", failed(state.installing(), START));
        write(journal, "acme", failed(state.installing().undoing(failure(Step.PROVE)), START));
        write(
                journal,
                "acme",
                failed(state.installing().undoing(failure(Step.PROVE)).rolledBack(), START));
        assertThat(failures(journal)).isEqualTo(1);

        write(journal, "acme", failed(new Started(head("acme", Optional.empty())).abandoned(), START));
        assertThat(failures(journal)).isEqualTo(2);
    }

    @Test
    public void countsARotationThatWasUndoneWithoutParking() throws Exception {
        Journal journal = emptyJournal();
        write(
                journal,
                "acme",
                entry(
                        new RolledBack(
                                head("acme", Optional.empty()), version("v1", password("x")), failure(Step.PROVE)),
                        START));

        assertThat(failures(journal)).isEqualTo(1);
    }

    @Test
    public void startsCountingAnewWhenASecretIsPromoted() throws Exception {
        Journal journal = emptyJournal();
        write(journal, "acme", failed(new Started(head("acme", Optional.empty())).abandoned(), START));
        Confirmed confirmed = promote(journal, "acme", START);
        assertThat(failures(journal)).isZero();

        // The withdrawal that can't be done is a failure of its own, until the rotation completes after all.
        Withdrawing withdrawing = confirmed.withdrawing();
        write(journal, "acme", failed(withdrawing, START));
        assertThat(failures(journal)).isEqualTo(1);
        write(journal, "acme", entry(withdrawing.withdrawn().completed(), START));
        assertThat(failures(journal)).isZero();
    }

    @Test
    public void tellsEachRotationWithItsStepsNewestFirst() throws Exception {
        Journal journal = emptyJournal();
        LoginSecret.KeyPair pair = keyPair("one");
        Started started = new Started(head("acme", Optional.of(version("old", keyPair("old")))));
        Generated generated = new Generated(started.head(), version("v1", pair));
        write(journal, "acme", entry(started, START));
        write(journal, "acme", entry(generated, START.plusSeconds(1)));
        List<Finding> findings = List.of(
                new Finding(START.plusSeconds(1), "Dromo's login", "fails: no reason given"),
                new Finding(START.plusSeconds(2), "login with the new key", "refused"));
        write(
                journal,
                "acme",
                failed(generated.abandoned(), START.plusSeconds(2)).restingOn(findings));
        write(journal, "beta", entry(new Started(head("beta", Optional.empty())), START.minusSeconds(60)));
        write(journal, "acme", entry(new Started(head("acme", Optional.empty())), START.minusSeconds(30)));

        Journal reopened = reopened();
        List<RotationSummary> acme = reopened.history(Optional.of("acme"), 10);
        assertThat(acme).hasSize(2);
        RotationSummary first = acme.get(1);
        assertThat(first.id()).isEqualTo(started.head().id());
        assertThat(first.credential()).isEqualTo("acme");
        assertThat(first.authType()).isEqualTo(AuthType.KEY);
        assertThat(first.reason()).isEqualTo(started.head().reason());
        assertThat(first.actor()).isEqualTo(started.head().actor());
        assertThat(first.startedAt()).isEqualTo(START);
        assertThat(first.finishedAt()).contains(START.plusSeconds(2));
        assertThat(first.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(first.fingerprint()).contains(pair.publicKey().fingerprint());
        assertThat(first.previousFingerprint())
                .contains(keyPair("old").publicKey().fingerprint());
        assertThat(first.failure()).contains(failure(Step.PROVE));
        assertThat(first.steps())
                .containsExactly(
                        new RotationSummary.Transition(RotationState.Kind.STARTED, START, Optional.empty(), List.of()),
                        new RotationSummary.Transition(
                                RotationState.Kind.GENERATED, START.plusSeconds(1), Optional.empty(), List.of()),
                        new RotationSummary.Transition(
                                RotationState.Kind.ABANDONED,
                                START.plusSeconds(2),
                                Optional.of(failure(Step.PROVE)),
                                findings));
        assertThat(reopened.history(Optional.empty(), 2))
                .extracting(RotationSummary::credential)
                .containsExactly("acme", "beta");
        assertThat(reopened.facts("acme").orElseThrow().lastRotation()).contains(acme.get(0));
    }

    @Test
    public void tellsHowEachRotationStands() throws Exception {
        Journal journal = emptyJournal();
        SecretVersion version = version("v", keyPair("k"));
        Confirmed confirmed = new Confirmed(head("acme", Optional.empty()), version);

        assertThat(outcomeOf(journal, entry(confirmed, START))).isEqualTo(Outcome.ROTATING);
        assertThat(outcomeOf(journal, failed(confirmed, START))).isEqualTo(Outcome.FAILED);
        Overlapping overlapping = confirmed.overlapping(START.plusSeconds(60));
        assertThat(outcomeOf(journal, entry(overlapping, START))).isEqualTo(Outcome.OVERLAP);
        Completed completed = overlapping.withdrawing().withdrawn().completed();
        assertThat(outcomeOf(journal, entry(completed, START))).isEqualTo(Outcome.COMPLETED);
        assertThat(journal.history(Optional.of("acme"), 5).get(0).finishedAt()).contains(START);
    }

    @Test
    public void keepsASecondHolderOutWhileALeaseHolds() throws Exception {
        Journal journal = emptyJournal();
        Lease lease = journal.lease("acme", HOLDER, START, TTL);

        assertThatThrownBy(() -> journal.lease("acme", "host8/99", START.plusSeconds(1), TTL))
                .isInstanceOf(BusyException.class)
                .hasMessageContaining("acme")
                .hasMessageContaining(HOLDER);
        assertThat(journal.lease("beta", "host8/99", START, TTL).credential()).isEqualTo("beta");
        journal.release(lease);
        assertThat(journal.lease("acme", "host8/99", START, TTL).fence()).isGreaterThan(lease.fence());
    }

    @Test
    public void keepsASecondThreadOfTheSameProcessOut() throws Exception {
        Journal journal = emptyJournal();
        journal.lease("acme", HOLDER, START, TTL);

        assertThatThrownBy(() -> journal.lease("acme", HOLDER, START, TTL)).isInstanceOf(BusyException.class);
    }

    @Test
    public void letsALeaseThatRanOutBeTakenOverAndRefusesItsHoldersWrites() throws Exception {
        Journal journal = emptyJournal();
        Lease late = journal.lease("acme", HOLDER, START, TTL);
        Lease next = journal.lease("acme", "host8/99", START.plus(TTL), TTL);
        Started started = new Started(head("acme", Optional.empty()));

        assertThat(next.fence()).isGreaterThan(late.fence());
        assertThatThrownBy(() -> journal.write(late, entry(started, START)))
                .isInstanceOf(JournalException.class)
                .hasMessageContaining("acme");
        LoginSecret handed = password("handed over");
        assertThatThrownBy(() -> journal.adopt(late, "acme", version("a", handed), handed, Optional.empty(), START))
                .isInstanceOf(JournalException.class);
        assertThat(journal.open("acme")).isEmpty();
        assertThat(journal.facts("acme")).isEmpty();

        journal.release(late);
        journal.write(next, entry(started, START));
        assertThat(journal.open("acme")).contains(started);
    }

    @Test
    public void refusesAWriteAfterTheLeaseWasGivenBack() throws Exception {
        Journal journal = emptyJournal();
        Lease lease = journal.lease("acme", HOLDER, START, TTL);
        journal.release(lease);
        journal.release(lease);

        assertThatThrownBy(() -> journal.write(lease, entry(new Started(head("acme", Optional.empty())), START)))
                .isInstanceOf(JournalException.class);
    }

    @Test
    public void refusesAWriteForAnotherCredentialThanTheLeases() throws Exception {
        Journal journal = emptyJournal();
        Lease lease = journal.lease("acme", HOLDER, START, TTL);

        assertThatThrownBy(() -> journal.write(lease, entry(new Started(head("beta", Optional.empty())), START)))
                .isInstanceOf(JournalException.class);
        assertThat(journal.open()).isEmpty();
    }

    @Test
    public void takesOverTheLeasesOfTheFormerProcess() throws Exception {
        Journal journal = emptyJournal();
        Lease former = journal.lease("acme", HOLDER, START, TTL);

        Journal reopened = reopened();
        Lease lease = reopened.lease("acme", HOLDER, START, TTL);

        assertThat(lease.fence()).isGreaterThan(former.fence());
        assertThatThrownBy(() -> reopened.write(former, entry(new Started(head("acme", Optional.empty())), START)))
                .isInstanceOf(JournalException.class);
    }

    @Test
    public void keepsASecondRotationOutWhileOneIsOpen() throws Exception {
        Journal journal = emptyJournal();
        Started first = new Started(head("acme", Optional.empty()));
        write(journal, "acme", entry(first, START));

        assertThatThrownBy(() -> write(journal, "acme", entry(new Started(head("acme", Optional.empty())), START)))
                .isInstanceOf(JournalException.class);
        assertThat(journal.open()).containsExactly(first);
    }

    @Test
    public void neverErasesTheSecretInUse() throws Exception {
        Journal journal = emptyJournal();
        Confirmed confirmed = promote(journal, "acme", START);
        JournalEntry deadly = entry(confirmed.withdrawing(), START)
                .erasing(Set.of(confirmed.secret().id()));

        assertThatThrownBy(() -> write(journal, "acme", deadly))
                .isInstanceOf(JournalException.class)
                .hasMessageContaining("in use");
        assertThat(reopened().open("acme")).contains(confirmed);
        reopened().secret(confirmed.secret()).close();
    }

    @Test
    public void keepsNothingOfAnEntryThatCantBeKeptWhole() throws Exception {
        Journal journal = emptyJournal();
        LoginSecret.Password password = password("x");
        Generated state = new Generated(head("acme", Optional.empty()), version("v1", password));
        write(journal, "acme", storing(state, START, password));

        Lease lease = journal.lease("acme", HOLDER, START, TTL);
        assertThatThrownBy(() -> journal.write(lease, storing(state.installing(), START, password)))
                .as("a secret's id is never used again")
                .isInstanceOf(JournalException.class);

        assertThat(journal.open("acme")).contains(state);
        assertThat(journal.history(Optional.of("acme"), 1).get(0).steps()).hasSize(1);
    }

    @Test
    public void servesManyWorkersAtOnce() throws Exception {
        Journal journal = emptyJournal();
        ExecutorService workers = Executors.newFixedThreadPool(8);
        try {
            List<Future<?>> done = new ArrayList<>();
            for (int worker = 0; worker < 8; worker++) {
                String credential = "acme-" + worker;
                done.add(workers.submit(() -> {
                    for (int i = 0; i < 5; i++) {
                        Confirmed confirmed = promote(journal, credential, START);
                        write(journal, credential, entry(new Completed(confirmed.head(), confirmed.secret()), START));
                        assertThat(journal.facts(credential)).isPresent();
                    }
                    return credential;
                }));
            }
            for (Future<?> one : done) {
                one.get(300, TimeUnit.SECONDS);
            }
        } finally {
            workers.shutdownNow();
        }

        assertThat(reopened().history(Optional.empty(), 1000))
                .hasSize(40)
                .allSatisfy(rotation -> assertThat(rotation.steps()).hasSize(3));
    }

    @Test
    public void tellsTheSecretsThatNobodyPointsToAnyMore() throws Exception {
        Journal journal = emptyJournal();
        LoginSecret.KeyPair current = keyPair("current");
        adopt(journal, "acme", version("c", current), current, START);
        for (String name : List.of("first", "second")) {
            LoginSecret.KeyPair pair = keyPair(name);
            Generated generated = new Generated(head("acme", Optional.of(version("c", current))), version(name, pair));
            write(journal, "acme", storing(generated, START, pair));
            assertThat(journal.kept("acme", ACCOUNT))
                    .as("neither the current one nor those of the open rotation")
                    .doesNotContain(version(name, pair), version("c", current));
            write(
                    journal,
                    "acme",
                    entry(new RolledBack(generated.head(), generated.secret(), failure(Step.PUBLISH)), START));
        }
        LoginSecret.KeyPair other = keyPair("other");
        write(
                journal,
                "beta",
                storing(new Generated(head("beta", Optional.empty()), version("o", other)), START, other));

        assertThat(reopened().kept("acme", ACCOUNT))
                .containsExactly(version("second", keyPair("second")), version("first", keyPair("first")));
    }

    @Test
    public void remembersThePublicHalfThatWasSeenLast() throws Exception {
        Journal journal = emptyJournal();
        journal.firstSeen(List.of("acme", "beta"), START);
        journal.seen("acme", keyPair("first").publicKey());
        journal.seen("acme", keyPair("second").publicKey());

        Journal reopened = reopened();
        assertThat(reopened.seen("acme")).contains(keyPair("second").publicKey());
        assertThat(reopened.seen("beta")).isEmpty();
        assertThat(reopened.seen("gamma")).isEmpty();
    }

    @Test
    public void putsPasswordsThatWereRefusedAfterTheOthers() throws Exception {
        Journal journal = emptyJournal();
        LoginSecret active = password("active");
        LoginSecret idle = password("idle");
        adopt(journal, "acme", version("a1", active), active, "dromo_a");
        adoptIdle(journal, "acme", version("b1", idle), idle, "dromo_b");
        for (String id : List.of("b2", "b3")) {
            LoginSecret made = password(id);
            RotationHead next = switching(Optional.of(version("a1", active)), Optional.of(version("b1", idle)));
            write(journal, "acme", storing(new Generated(next, version(id, made)), START, made));
            write(journal, "acme", entry(new RolledBack(next, version(id, made), failure(Step.PUBLISH)), START));
        }
        assertThat(ids(journal.secretsOf("acme", "dromo_b"))).containsExactly("b1", "b2", "b3");

        for (String id : List.of("b1", "b2")) {
            journal.refused(version(id, idle));
        }
        assertThat(ids(reopened().secretsOf("acme", "dromo_b"))).containsExactly("b3", "b1", "b2");
        assertThat(ids(reopened().kept("acme", new Account("sftp.acme.example", 2222, "dromo_b"))))
                .containsExactly("b3", "b1", "b2");

        Journal later = reopened();
        later.refused(version("b3", idle));
        later.refused(version("b1", idle));
        later.refused(version("none", idle));
        assertThat(ids(reopened().secretsOf("acme", "dromo_b"))).containsExactly("b2", "b3", "b1");
    }

    private static List<String> ids(List<SecretVersion> versions) {
        return versions.stream().map(SecretVersion::id).toList();
    }

    @Test
    public void countsTheRefusedLoginsInARowOfEachAccount() throws Exception {
        Journal journal = emptyJournal();
        Account acme = new Account("sftp.acme.example", 22, "dromo");
        journal.refused(acme, START, 1);
        journal.refused(acme, START.plusSeconds(1), 2);
        journal.refused(new Account("sftp.acme.example", 2222, "dromo"), START, 1);

        Journal reopened = reopened();

        assertThat(reopened.refusals(acme)).contains(new Refusals(2, START.plusSeconds(1)));
        assertThat(reopened.refusals(new Account("sftp.acme.example", 22, "other")))
                .isEmpty();
        reopened.accepted(acme);
        assertThat(reopened.refusals(acme)).isEmpty();
        assertThat(reopened.refusals(new Account("sftp.acme.example", 2222, "dromo")))
                .contains(new Refusals(1, START));
    }

    private static void write(Journal journal, String credential, JournalEntry entry) throws BusyException {
        Lease lease = journal.lease(credential, HOLDER, START, TTL);
        try {
            journal.write(lease, entry);
        } finally {
            journal.release(lease);
        }
    }

    private static void adopt(
            Journal journal, String credential, SecretVersion version, LoginSecret secret, String user)
            throws BusyException {
        Lease lease = journal.lease(credential, HOLDER, START, TTL);
        journal.adopt(lease, credential, version, secret, Optional.of(user), START);
        journal.release(lease);
    }

    private static void adoptIdle(
            Journal journal, String credential, SecretVersion version, LoginSecret secret, String user)
            throws BusyException {
        Lease lease = journal.lease(credential, HOLDER, START, TTL);
        journal.adoptIdle(lease, credential, version, secret, user);
        journal.release(lease);
    }

    private static RotationHead switching(Optional<SecretVersion> previous, Optional<SecretVersion> replaced) {
        return new RotationHead(
                RotationId.random(),
                "acme",
                AuthType.PASSWORD,
                "a turn",
                Actor.SCHEDULE,
                START,
                Duration.ZERO,
                previous,
                Optional.empty(),
                Optional.of(new RotationHead.Users("dromo_a", "dromo_b")),
                Optional.of(new RotationHead.Place("sftp.acme.example", 2222, "id-of-acme")),
                replaced,
                false);
    }

    private static void adopt(Journal journal, String credential, SecretVersion version, LoginSecret secret, Instant at)
            throws BusyException {
        Lease lease = journal.lease(credential, HOLDER, START, TTL);
        journal.adopt(lease, credential, version, secret, Optional.empty(), at);
        journal.release(lease);
    }

    /** A rotation that stores a secret and promotes it at {@code at}. */
    private static Confirmed promote(Journal journal, String credential, Instant at) throws BusyException {
        RotationHead head = head(credential, Optional.empty());
        LoginSecret.KeyPair pair = keyPair(head.id().text());
        SecretVersion version = version(head.id().text(), pair);
        write(journal, credential, storing(new Generated(head, version), START, pair));
        Confirmed confirmed = new Confirmed(head, version);
        write(journal, credential, entry(confirmed, at).promoting(version));
        return confirmed;
    }

    private static int failures(Journal journal) {
        return journal.facts("acme").orElseThrow().failuresInARow();
    }

    private static Outcome outcomeOf(Journal journal, JournalEntry entry) throws BusyException {
        write(journal, "acme", entry);
        return journal.history(Optional.of("acme"), 1).get(0).outcome();
    }
}
