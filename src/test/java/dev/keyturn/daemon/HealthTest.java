package dev.keyturn.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.policy.Policy;
import dev.keyturn.rotation.Account;
import dev.keyturn.rotation.Actor;
import dev.keyturn.rotation.Compromise;
import dev.keyturn.rotation.CredentialFacts;
import dev.keyturn.rotation.DaemonWorld;
import dev.keyturn.rotation.Drift;
import dev.keyturn.rotation.ManagedCredential;
import dev.keyturn.rotation.Notice;
import dev.keyturn.rotation.Notice.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HealthTest {
    private static final Duration DAY = Duration.ofDays(1);

    private final DaemonWorld world = DaemonWorld.adopted().with("acme", DAY.multipliedBy(3), DAY.multipliedBy(2));
    private final Instant now = world.clock().instant();

    @Test
    void findsNothingWrongWithACredentialInUse() {
        Health health = health(world.credentials().get(0), facts());

        assertThat(health.troubles()).isEmpty();
        assertThat(health.over())
                .containsExactlyInAnyOrder(
                        Kind.FAILED, Kind.DRIFT, Kind.OVERDUE, Kind.AWAITING_INSTALL, Kind.AWAITING_WITHDRAWAL);
    }

    @Test
    void findsWhatIsOlderThanItsPolicyAllows() {
        Health young = health(allowed(DAY.multipliedBy(2)), facts());
        Health old = health(allowed(DAY), facts());

        assertThat(young.troubles()).isEmpty();
        assertThat(old.over()).doesNotContain(Kind.OVERDUE);
        assertThat(old.troubles()).singleElement().satisfies(notice -> {
            assertThat(notice.kind()).isEqualTo(Kind.OVERDUE);
            assertThat(notice.message()).endsWith("in use for 2 days; policy " + old(notice) + " allows 1d");
        });
    }

    /** The clock was ahead when the secret came into use, and was set back since. */
    @Test
    void findsWhatMayBeOfAnyAge() {
        Instant before = now.minus(DAY.multipliedBy(40));

        Health health = Health.of(allowed(DAY.multipliedBy(90)), facts(), waiting -> Optional.empty(), before);

        assertThat(health.over()).doesNotContain(Kind.OVERDUE);
        assertThat(health.troubles()).singleElement().satisfies(notice -> {
            assertThat(notice.kind()).isEqualTo(Kind.OVERDUE);
            assertThat(notice.message())
                    .contains("in use since " + now.minus(DAY.multipliedBy(2)), "nobody knows how old it is")
                    .endsWith("allows 90d");
        });
    }

    @Test
    void findsASecretThatOthersKnowOnceItsRotationHasHadItsTime() {
        world.records()
                .journal()
                .compromised(Map.of(
                        "acme",
                        new Compromise(
                                now, "INC-1", Actor.SCHEDULE, Set.of(account().user()))));
        ManagedCredential credential = allowed(DAY);
        Instant late = now.plus(Duration.ofMinutes(15));

        assertThat(health(credential, facts()).troubles())
                .as("its age is all that is wrong as yet")
                .singleElement()
                .satisfies(notice -> assertThat(notice.reference().failure()).isEmpty());
        for (Instant then : List.of(late, now.minus(DAY))) {
            Health health = Health.of(credential, facts(), waiting -> Optional.empty(), then);

            assertThat(health.over()).doesNotContain(Kind.OVERDUE);
            assertThat(health.troubles()).singleElement().satisfies(notice -> {
                assertThat(notice.kind()).isEqualTo(Kind.OVERDUE);
                assertThat(notice.reference().failure()).contains("compromised");
                assertThat(notice.message()).contains("others know its secret", "INC-1", "still in use");
            });
        }
    }

    private Account account() {
        return world.credentials().get(0).account();
    }

    @Test
    void findsDrift() {
        CredentialFacts drifted = drifted(Drift.MENDABLE);

        Health health = health(world.credentials().get(0), drifted);

        assertThat(health.over()).doesNotContain(Kind.DRIFT);
        assertThat(health.troubles()).extracting(Notice::kind).containsExactly(Kind.DRIFT);
    }

    @Test
    void tellsOneThatStopsImportsFromOneThatDoesNot() {
        assertThat(health(world.credentials().get(0), drifted(Drift.ALERT)).troubles())
                .singleElement()
                .satisfies(notice -> assertThat(notice.reference().failure()).contains("needs_a_person"));
        assertThat(health(world.credentials().get(0), drifted(Drift.MENDABLE)).troubles())
                .singleElement()
                .satisfies(notice -> assertThat(notice.reference().failure()).isEmpty());
    }

    private CredentialFacts drifted(Drift found) {
        CredentialFacts known = facts();
        return new CredentialFacts(
                known.credential(),
                known.current(),
                known.user(),
                known.firstSeenAt(),
                known.rotatedAt(),
                known.adoptedAt(),
                Optional.of(now),
                found,
                0,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private String old(Notice notice) {
        assertThat(notice.credential()).contains("acme");
        return world.credentials().get(0).policy().name();
    }

    private Health health(ManagedCredential credential, CredentialFacts facts) {
        return Health.of(credential, facts, waiting -> Optional.empty(), now);
    }

    private CredentialFacts facts() {
        return world.records().journal().facts("acme").orElseThrow();
    }

    private ManagedCredential allowed(Duration maxAge) {
        ManagedCredential like = world.credentials().get(0);
        Policy policy = like.policy();
        return new ManagedCredential(
                like.name(),
                new Policy(
                        policy.name(),
                        policy.secret(),
                        policy.timing(),
                        policy.overlap(),
                        Optional.of(maxAge),
                        policy.allowGap(),
                        policy.verify()),
                like.dromoId(),
                like.account(),
                like.hostKey(),
                like.install(),
                like.probeDirectory(),
                like.labels());
    }
}
