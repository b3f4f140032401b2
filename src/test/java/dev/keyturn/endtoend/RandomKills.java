package dev.keyturn.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.realhost.KeyFiles;
import dev.keyturn.realhost.Login;
import dev.keyturn.realhost.NewAccount;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Rotations on a real sshd whose process group is killed at random instants; some of the recoveries are killed too. After
 * the one that is not, Dromo logs in and nothing is left behind.
 */
final class RandomKills implements AutoCloseable {
    /** One recovery in so many is killed as well. */
    private static final int RECOVERIES = 4;

    private static final String WAITS = "(login_budget)";

    private final Scene scene = Scene.open();
    private final Installation keyturn = scene.installation().usualPolicies();
    private final String other = KeyFiles.make("ed25519").publicLine();
    private final Random random;
    private final long seed;
    private final List<ManagedAccount> accounts;
    private Duration undisturbed;
    private int kills;
    /** Recoveries that had to wait until refused logins no longer counted. */
    private int waits;
    /** Those in which Dromo could not log in meanwhile. */
    private int waitsWithoutLogin;

    /** Which credentials are rotated side by side. */
    enum Secrets {
        KEYS,
        PASSWORDS
    }

    RandomKills(Secrets secrets, long seed) {
        this.seed = seed;
        this.random = new Random(seed);
        this.accounts = secrets == Secrets.KEYS ? keys() : passwords();
        keyturn.adopt(accounts.toArray(ManagedAccount[]::new));
        undisturbed = timeRotation();
    }

    /**
     * {@code bench/kill-matrix} starts it: how many kills of each, the seed, and whether of keys or of passwords alone.
     * Prints lines of a Markdown table.
     */
    public static void main(String[] words) {
        int wanted = Integer.parseInt(words[0]);
        long seed = Long.parseLong(words[1]);
        List<Secrets> which = words.length > 2
                ? List.of(Secrets.valueOf(words[2].toUpperCase(Locale.ROOT)))
                : List.of(Secrets.values());
        System.out.println(
                "| Random kills, seed " + seed + " | Kills | Attempts | Waits | of them without login | Took |");
        System.out.println("| --- | ---: | ---: | ---: | ---: | ---: |");
        for (Secrets secrets : which) {
            Instant begin = Instant.now();
            try (RandomKills test = new RandomKills(secrets, seed)) {
                int attempts = test.kill(wanted);
                Duration time = Duration.between(begin, Instant.now());
                System.out.printf(
                        "| %s | %d | %d | %d | %d | %d min %d s |%n",
                        secrets.name().toLowerCase(Locale.ROOT),
                        test.kills,
                        attempts,
                        test.waits,
                        test.waitsWithoutLogin,
                        time.toMinutes(),
                        time.toSecondsPart());
            }
        }
        System.exit(0);
    }

    private List<ManagedAccount> keys() {
        ManagedAccount key = scene.withKey(NewAccount.shell("key").withKey(other), KeyFiles.make("ed25519"));
        ManagedAccount jailed =
                scene.withKey(NewAccount.chrootedAtHome("jailed").withKey(other), KeyFiles.make("ed25519"));
        ManagedAccount scripted = scene.withKey(NewAccount.shell("scripted").withKey(other), KeyFiles.make("ed25519"));
        Path setKey = keyturn.script("set-key", """
                #!/bin/sh
                # Argument: the authorized_keys file, which is replaced in one step.
                set -eu
                input=$(cat)
                action=$(printf '%s' "$input" | sed -n 's/.*"action" *: *"\\([a-z]*\\)".*/\\1/p')
                key=$(printf '%s' "$input" | sed -n 's/.*"public_key" *: *"\\([^"]*\\)".*/\\1/p')
                blob=$(printf '%s' "$key" | cut -d ' ' -f 2)
                [ "$action" != status ] || exit 0
                { grep -vF "$blob" "$1" || true; [ "$action" != install ] || printf '%s\\n' "$key"; } >"$1.next"
                mv "$1.next" "$1"
                """);
        keyturn.manage(key, "keys", "{method: authorized_keys}")
                .manage(jailed, "keys", "{method: authorized_keys}")
                .manage(
                        scripted,
                        "keys",
                        "{method: command, command: [" + setKey + ", "
                                + scripted.account().authorizedKeys() + "]}");
        return List.of(key, jailed, scripted);
    }

    private List<ManagedAccount> passwords() {
        KeyFiles administrator = KeyFiles.make("ed25519");
        scene.sshd().add(NewAccount.passwordAdministrator("pwadmin").withKey(administrator.publicLine()));
        keyturn.secretFile("admin-key", administrator.privateKey());
        ManagedAccount chpasswd = scene.withPassword(NewAccount.shell("chpasswd"), "Old-words-of-chpasswd-1");
        ManagedAccount passwd = scene.withPassword(NewAccount.shell("passwd"), "Old-words-of-passwd-1");
        keyturn.manage(chpasswd, "passwords", "{method: chpasswd, as: {user: pwadmin, private_key: {file: admin-key}}}")
                .manage(passwd, "passwords", "{method: passwd}");
        return List.of(chpasswd, passwd);
    }

    /** From the first request to Dromo to the end of the process. */
    private Duration timeRotation() {
        int requests = scene.dromo().requests().size();
        try (Running rotation = keyturn.start("rotate", "--all")) {
            rotation.until("Dromo is asked", () -> scene.dromo().requests().size() > requests);
            Instant begin = Instant.now();
            Ran rotated = rotation.ended();
            assertThat(rotated.status()).as(rotated::toString).isEqualTo(0);
            return Duration.between(begin, Instant.now());
        }
    }

    /** @return how many rotations were begun, for so many kills that struck */
    int kill(int wanted) {
        int attempts = 0;
        while (kills < wanted) {
            attempts++;
            assertThat(attempts).as("attempts, for %s kills that struck", kills).isLessThan(10 + 3 * wanted);
            // No real account is rotated so often in a quarter of an hour; what one attempt refuses, it has to bear.
            keyturn.forgetRefusedLogins();
            Duration instant = instant();
            String when = "attempt " + attempts + " after " + instant.toMillis() + " ms, -Dkeyturn.seed=" + seed;
            if (!killed(instant, "rotate", "--all")) {
                // The machine has become faster since it was timed: then later instants hit nothing.
                undisturbed = instant;
            }
            boolean twice = random.nextInt(RECOVERIES) == 0 && killed(instant(), "recover");

            Ran recovered = keyturn.run("recover");
            if (twice && recovered.status() == 1 && recovered.toString().contains(WAITS)) {
                // Each of two kills can cost a refused login, and with them a password's budget: it has to wait, and
                // says so.
                waits++;
                waitsWithoutLogin += accounts.stream().allMatch(it -> it.dromosLogin() == Login.ACCEPTED) ? 0 : 1;
                keyturn.forgetRefusedLogins();
                recovered = keyturn.run("recover");
            }

            assertThat(recovered.status()).as(when + recovered).isEqualTo(0);
            accounts.forEach(account -> assertSettled(account, when));
        }
        keyturn.assertAuditVerifies();
        Ran verified = keyturn.run("verify", "--all");
        assertThat(verified.status()).as(verified::toString).isEqualTo(0);
        return attempts;
    }

    private Duration instant() {
        return undisturbed.multipliedBy(random.nextInt(1000)).dividedBy(1000);
    }

    /** @return whether the kill came before the end */
    private boolean killed(Duration instant, String... words) {
        int requests = scene.dromo().requests().size();
        try (Running running = keyturn.startAsGroup(words)) {
            boolean asked = running.comesTo(() -> scene.dromo().requests().size() > requests);
            boolean struck = asked
                    && !running.endsWithin(instant)
                    && running.killGroup().ended().status() == 137;
            kills += struck ? 1 : 0;
            return struck;
        }
    }

    private void assertSettled(ManagedAccount managed, String when) {
        assertThat(managed.dromosLogin()).as(when).isEqualTo(Login.ACCEPTED);
        if (managed.isKey()) {
            assertThat(managed.account().keys()).as(when).hasSize(2).contains(other);
            assertThat(ManagedAccount.fingerprint(managed.currentLine()))
                    .as(when)
                    .isEqualTo(managed.inDromo().keyFingerprint());
        }
    }

    @Override
    public void close() {
        keyturn.close();
        scene.close();
    }
}
