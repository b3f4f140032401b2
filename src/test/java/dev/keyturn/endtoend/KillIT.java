package dev.keyturn.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.realhost.KeyFiles;
import dev.keyturn.realhost.Login;
import dev.keyturn.realhost.NewAccount;
import dev.keyturn.realhost.RequiresSshd;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * SIGKILL at random instants of a rotation, then {@code recover}. {@code -Dkeyturn.kills=N} kills more often than ten times, and
 * {@code -Dkeyturn.seed=N} repeats the instants of an earlier run.
 */
@RequiresSshd
class KillIT {

    private static final int KILLS = Integer.getInteger("keyturn.kills", 10);
    /** In the message of each assertion. */
    private static final long SEED = Long.getLong("keyturn.seed", new Random().nextLong());

    @Test
    void alwaysLeavesDromoACredentialThatLogsInAfterRecovery() {
        KeyFiles administrator = KeyFiles.make("ed25519");
        try (Scene scene = Scene.open();
                Installation keyturn = scene.installation().usualPolicies()) {
            scene.sshd().add(NewAccount.passwordAdministrator("pwadmin").withKey(administrator.publicLine()));
            keyturn.secretFile("admin-key", administrator.privateKey());
            String other = KeyFiles.make("ed25519").publicLine();
            ManagedAccount key = scene.withKey(NewAccount.shell("key").withKey(other), KeyFiles.make("ed25519"));
            ManagedAccount jailed =
                    scene.withKey(NewAccount.chrootedAtHome("jailed").withKey(other), KeyFiles.make("ed25519"));
            ManagedAccount password = scene.withPassword(NewAccount.shell("password"), "Old-words-of-password-1");
            keyturn.manage(key, "keys", "{method: authorized_keys}")
                    .manage(jailed, "keys", "{method: authorized_keys}")
                    .manage(
                            password,
                            "passwords",
                            "{method: chpasswd, as: {user: pwadmin, private_key: {file: admin-key}}}");
            keyturn.adopt(key, jailed, password);
            Duration undisturbed = timeRotation(scene, keyturn);
            Random random = new Random(SEED);
            int interrupted = 0;
            for (int i = 0; interrupted < KILLS; i++) {
                assertThat(i)
                        .as("attempts, for %s kills that struck", interrupted)
                        .isLessThan(3 * KILLS);
                Duration instant =
                        undisturbed.multipliedBy(random.nextInt(1000)).dividedBy(1000);
                String when = "attempt " + i + " after " + instant.toMillis() + " ms, -Dkeyturn.seed=" + SEED;
                if (rotateAndKill(scene, keyturn, instant)) {
                    interrupted++;
                } else {
                    // The machine has become faster since it was timed: then later instants hit nothing.
                    undisturbed = instant;
                }

                Ran recovered = keyturn.run("recover");

                assertThat(recovered.status()).as(when + recovered).isEqualTo(0);
                for (ManagedAccount managed : List.of(key, jailed, password)) {
                    assertThat(managed.dromosLogin()).as(when).isEqualTo(Login.ACCEPTED);
                }
                for (ManagedAccount managed : List.of(key, jailed)) {
                    assertThat(managed.account().keys()).as(when).hasSize(2).contains(other);
                    assertThat(ManagedAccount.fingerprint(managed.currentLine()))
                            .as(when)
                            .isEqualTo(managed.inDromo().keyFingerprint());
                }
            }
            keyturn.assertAuditVerifies();
            Ran verified = keyturn.run("verify", "--all");
            assertThat(verified.status()).as(verified::toString).isEqualTo(0);
        }
    }

    /** From the first request to Dromo to the end of the process. */
    private static Duration timeRotation(Scene scene, Installation keyturn) {
        int requests = scene.dromo().requests().size();
        try (Running rotation = keyturn.start("rotate", "--all")) {
            rotation.until("Dromo is asked", () -> scene.dromo().requests().size() > requests);
            Instant begin = Instant.now();
            Ran rotated = rotation.ended();
            assertThat(rotated.status()).as(rotated::toString).isEqualTo(0);
            return Duration.between(begin, Instant.now());
        }
    }

    /** @return whether the kill came before the end */
    private static boolean rotateAndKill(Scene scene, Installation keyturn, Duration instant) {
        int requests = scene.dromo().requests().size();
        try (Running rotation = keyturn.start("rotate", "--all")) {
            rotation.until("Dromo is asked", () -> scene.dromo().requests().size() > requests);
            return !rotation.endsWithin(instant) && rotation.kill().ended().status() == 137;
        }
    }
}
