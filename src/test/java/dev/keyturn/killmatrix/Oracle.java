package dev.keyturn.killmatrix;

import dev.keyturn.sandbox.DromoCredential;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Looks at host, Dromo, store and audit log, and says what is not as promised. */
final class Oracle {
    private static final Pattern BLOB = Pattern.compile("(AAAA[A-Za-z0-9+/]{60,}={0,2})");

    private final World world;
    private final Logins logins;
    private final List<String> violations = new ArrayList<>();

    Oracle(World world, Logins logins) {
        this.world = world;
        this.logins = logins;
    }

    List<String> violations() {
        return violations;
    }

    /** What holds at any moment: whatever logs in, or Dromo holds, can be had from the store. */
    void nothingIsLost() {
        Store store = Store.read(world);
        DromoCredential inDromo = world.inDromo();
        if (world.kind().isKey()) {
            expect(store.hasKey(inDromo.keyFingerprint()), "Dromo's key is not in the store");
            for (String line : world.keyLines()) {
                expect(store.hasKey(fingerprint(line)), "a key on the host is not in the store");
            }
        } else {
            expect(store.hasPassword(inDromo.password()), "Dromo's password is not in the store");
            world.passwords()
                    .forEach((user, password) -> expect(
                            store.hasPassword(password), "the host's password of " + user + " is not in the store"));
        }
        AuditChain.read(world.audit()).faults().forEach(violations::add);
    }

    /** What holds after every recovery. */
    void dromoLogsIn() {
        nothingIsLost();
        expect(logins.accepts(world.inDromo()), "Dromo's credential does not log in");
    }

    /** What holds after a recovery that leaves nothing to do: no rotation is left in the middle. */
    void isSettled(int recoveryStatus) {
        dromoLogsIn();
        expect(recoveryStatus == 0, "recover ended with " + recoveryStatus);
        expect(List.of("OVERLAPPING").containsAll(Store.read(world).open()), "a rotation is still open");
        AuditChain.read(world.audit())
                .unanswered()
                .forEach(effect -> violations.add("an intent has neither outcome nor recovery: " + effect));
    }

    /** What holds while the overlap of alternating accounts lasts: the account that Dromo has left was not changed. */
    void turnsAreApart(Before before) {
        expect(logins.accepts(before.inDromo()), "the account that Dromo has just left was changed in its overlap");
    }

    /** What holds once a rotation was given up. */
    void wentBack(Before before) {
        expect(before.isInUse(world.inDromo()), "a rotation that was given up went on");
    }

    /**
     * What holds once a rotation of a compromised secret was asked for and settled: of what was known then nothing logs in.
     *
     * @param said whether the store had that word when the process died; else nothing was changed
     */
    void nothingKnownIsLeft(Before before, boolean said) {
        expect(Store.read(world).compromised() == null, "a compromised secret is still to be replaced");
        boolean untouched =
                before.isInUse(world.inDromo()) && before.passwords().equals(world.passwords());
        if (!said && untouched) {
            return;
        }
        expect(!logins.accepts(before.inDromo()), "a compromised credential still logs in");
        before.passwords()
                .forEach((user, password) ->
                        expect(!password.equals(world.passwords().get(user)), "the password of " + user + " is known"));
    }

    /** What holds when no overlap is left to wait for: there is one credential, everywhere the same. */
    void nothingIsLeftBehind(Before before) {
        DromoCredential now = world.inDromo();
        DromoCredential replaced = before.replacedBy(now);
        Store store = Store.read(world);
        expect(store.inUse(now), "the secret in use in the store is not Dromo's");
        expect(world.hasForeignLine(), "the line of another key on the host is gone or doubled");
        if (world.kind().isKey()) {
            List<String> keys =
                    world.keyLines().stream().map(Oracle::fingerprint).toList();
            expect(keys.equals(List.of(String.valueOf(now.keyFingerprint()))), "keys on the host: " + keys);
        } else {
            expect(
                    Objects.equals(world.passwords().get(now.user()), now.password()),
                    "host and Dromo have different passwords");
        }
        if (before.isInUse(now)) {
            // What was undone is kept until a rotation completes, as the host may still come to it late.
            return;
        }
        if (world.kind().alternates()) {
            expect(!store.hasPassword(replaced.password()), "a rotation completed, and the store has the old password");
        } else {
            expect(store.secrets().size() == 1, "a rotation completed, and the store has several secrets");
        }
        expect(!logins.accepts(replaced), "the old credential still logs in");
    }

    private void expect(boolean holds, String otherwise) {
        if (!holds) {
            violations.add(otherwise);
        }
    }

    private static String fingerprint(String line) {
        Matcher blob = BLOB.matcher(line);
        if (!blob.find()) {
            return "no key: " + line;
        }
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(Base64.getDecoder().decode(blob.group(1)));
            return "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
