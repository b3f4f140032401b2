package dev.keyturn.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.keyturn.rotation.AuditEvent.Result;
import dev.keyturn.secret.LoginSecret;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AdopterTest {
    private final World world = World.withUnknownKeyAndNoAdministrator();

    @Test
    void takesOverWhatIsInUse() throws BusyException {
        assertThat(adopt(world, world.old)).isEmpty();

        assertThat(world.facts().current().orElseThrow().fingerprint()).isEqualTo(world.old.fingerprint());
        assertThat(world.facts().adoptedAt()).contains(world.clock.instant());
        AuditEvent event = world.audit.events("credential.adopted").get(0);
        assertThat(event.outcome()).contains(Result.SUCCESS);
        assertThat(event.fingerprint()).isEqualTo(world.old.fingerprint());
        assertThat(event.target()).contains("dromo@sftp.example:22");
        assertThat(world.hosts.calls).containsExactly("login");
        assertThat(world.dromo.calls).containsExactly("GET");
        assertThat(world.rotate().outcome()).isEqualTo(Outcome.COMPLETED);
    }

    @Test
    void refusesAKeyThatDromoDoesNotHold() throws BusyException {
        LoginSecret.KeyPair another = World.key("another");
        world.hosts.keys.add(another.publicKey().fingerprint());

        assertRefused(
                world,
                another,
                "Dromo holds the key " + world.old.fingerprint().orElseThrow() + ", this is "
                        + another.publicKey().fingerprint() + "; hand over the key that Dromo uses today");
    }

    @Test
    void refusesAKeyThatTheHostRefuses() throws BusyException {
        world.hosts.keys.clear();

        assertRefused(world, world.old, "the host refuses it for dromo@sftp.example:22");
    }

    @Test
    void refusesAPasswordWhereThePolicyIsForAKey() throws BusyException {
        assertRefused(world, World.password("secret"), "its policy is for a key, this is a password");
    }

    @Test
    void refusesWhatIsAnotherAccountInDromo() throws BusyException {
        world.dromo.move(new Account("other.example", 22, "dromo"));

        assertRefused(
                world,
                world.old,
                "Dromo's credential " + World.DROMO_ID
                        + " isn't the configured one: hostname is 'other.example' instead"
                        + " of 'sftp.example'; correct dromo_id or host in the configuration");
    }

    @Test
    void refusesWhereTheHostCannotBeAsked() throws BusyException {
        world.hosts.faults.before("login", HostException.Fault.CONNECTION_REFUSED, 99);

        assertRefused(world, world.old, "injected before login. Check the port, and that sshd listens there.");
    }

    @Test
    void refusesWhileARotationIsOpen() throws BusyException {
        World open = World.withKey(Duration.ofDays(1));
        open.rotate();

        assertThat(adopt(open, open.old))
                .hasValueSatisfying(why -> assertThat(why)
                        .contains("is in its overlap until "
                                + open.clock.instant().plus(Duration.ofDays(1))));
    }

    @Test
    void saysWhatThePartnerIsToDoBeforeAnotherKeyCanBeHandedOver() throws BusyException {
        World partner = World.withKeyAtAPartner(Duration.ZERO);
        partner.rotate();
        assertThat(adopt(partner, partner.old))
                .hasValueSatisfying(why -> assertThat(why)
                        .contains("waits for the partner to install the new key", "keyturn recover --abandon acme"));

        partner.partnerDoesWhatIsAskedFor();
        partner.recover();
        assertThat(adopt(partner, partner.old))
                .hasValueSatisfying(why -> assertThat(why)
                        .contains("waits for the partner to take the old key off", "keyturn show-key --old acme"));
    }

    @Test
    void refusesAPasswordThatTheHostRefuses() throws BusyException {
        World password = World.withPassword();
        String before = password.facts().current().orElseThrow().id();

        assertThat(adopt(password, World.password("wrong"))).contains("the host refuses it for dromo@sftp.example:22");

        assertThat(password.facts().current().orElseThrow().id()).isEqualTo(before);
    }

    @Test
    void leavesACredentialAloneThatIsBeingRotated() throws BusyException {
        world.journal.lease("acme", "another/1", world.clock.instant(), Duration.ofMinutes(1));

        assertThatExceptionOfType(BusyException.class).isThrownBy(() -> adopt(world, world.old));

        assertThat(world.hosts.calls).isEmpty();
    }

    private static void assertRefused(World world, LoginSecret secret, String why) throws BusyException {
        assertThat(adopt(world, secret)).contains(why);
        assertThat(world.facts().current()).isEmpty();
        assertThat(world.journal.secretIds()).isEmpty();
        AuditEvent event = world.audit.events("credential.adopted").get(0);
        assertThat(event.outcome()).contains(Result.FAILURE);
        assertThat(event.error()).contains(why);
    }

    @Test
    void adoptsThePasswordOfTheAlternatingAccountThatDromoUses() throws BusyException {
        World pair = World.withUnknownAlternatingAccounts();

        assertThat(adopt(pair, pair.old)).isEmpty();

        assertThat(pair.facts().user()).contains(World.FIRST);
        assertThat(pair.journal.secretsOf("acme", World.FIRST))
                .containsExactly(pair.facts().current().orElseThrow());
        assertThat(pair.audit.events("credential.adopted"))
                .singleElement()
                .satisfies(event -> assertThat(event.target()).contains("dromo_a@sftp.example:22"));
    }

    @Test
    void adoptsTheIdleAccountsPasswordBesideTheOneInUse() throws BusyException {
        World pair = World.withAlternatingAccountsOfAdministrator();
        Optional<SecretVersion> inUse = pair.facts().current();

        assertThat(adopt(pair, World.password(World.IDLE), Optional.of(World.SECOND)))
                .isEmpty();

        assertThat(pair.facts().current()).isEqualTo(inUse);
        assertThat(pair.facts().user()).contains(World.FIRST);
        assertThat(pair.journal.secretsOf("acme", World.SECOND)).hasSize(1);
    }

    @Test
    void refusesAPasswordOfTheWrongAlternatingAccount() throws BusyException {
        World pair = World.withUnknownAlternatingAccounts();

        assertThat(adopt(pair, pair.old, Optional.of(World.SECOND)))
                .contains("the host refuses it for dromo_b@sftp.example:22");
        assertThat(adopt(pair, pair.old, Optional.of("somebody")))
                .hasValueSatisfying(why -> assertThat(why).contains("not those of user somebody"));
        assertThat(adopt(world, world.old, Optional.of("dromo"))).isPresent();
    }

    @Test
    void asksForTheOneInUseFirstWhereSomebodyElseSwitchedDromo() throws BusyException {
        World pair = World.withAlternatingAccounts();
        pair.dromo.move(new Account("sftp.example", 22, World.SECOND));
        pair.dromo.overwrite(World.password(World.IDLE));

        assertThat(adopt(pair, pair.old, Optional.of(World.FIRST)))
                .hasValueSatisfying(why -> assertThat(why).contains("hand over the password of dromo_b first"));
        assertThat(adopt(pair, World.password(World.IDLE))).isEmpty();
        assertThat(pair.rotate().outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(pair.dromo.user()).isEqualTo(World.FIRST);
    }

    private static Optional<String> adopt(World world, LoginSecret secret) throws BusyException {
        return adopt(world, secret, Optional.empty());
    }

    private static Optional<String> adopt(World world, LoginSecret secret, Optional<String> user) throws BusyException {
        return new Adopter(
                        world.hosts,
                        world.dromo,
                        new Rotator.Records(world.journal, world.audit, "test"),
                        new Rotator.Timing(world.clock, world.clock::advance))
                .adopt(world.credential, secret, user, Actor.cli(1000, "ann"));
    }
}
