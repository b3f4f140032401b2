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
            expect(store.hasPassword(world.hostPassword()), "the host's password is not in the store");
        }
        AuditChain.read(world.audit()).faults().forEach(violations::add);
    }

    /** What holds after every recovery: Dromo logs in, and no rotation is left in the middle. */
    void dromoLogsIn(int recoveryStatus) {
        nothingIsLost();
        expect(recoveryStatus == 0, "recover ended with " + recoveryStatus);
        expect(logins.accepts(world.inDromo()), "Dromo's credential does not log in");
        expect(Store.read(world).open() == 0, "a rotation is still open");
        AuditChain.read(world.audit())
                .unanswered()
                .forEach(effect -> violations.add("an intent has neither outcome nor recovery: " + effect));
    }

    /**
     * What holds when no overlap is left to wait for: there is one credential, everywhere the same.
     *
     * @param before what Dromo held before the rotation
     */
    void nothingIsLeftBehind(DromoCredential before) {
        DromoCredential now = world.inDromo();
        Store store = Store.read(world);
        expect(store.secrets().containsKey(store.current()), "the secret in use is not in the store");
        expect(world.hasForeignLine(), "the line of another key on the host is gone or doubled");
        if (world.kind().isKey()) {
            List<String> keys =
                    world.keyLines().stream().map(Oracle::fingerprint).toList();
            expect(keys.equals(List.of(String.valueOf(now.keyFingerprint()))), "keys on the host: " + keys);
        } else {
            expect(Objects.equals(world.hostPassword(), now.password()), "host and Dromo have different passwords");
        }
        boolean rotated = world.kind().isKey()
                ? !Objects.equals(before.keyFingerprint(), now.keyFingerprint())
                : !Objects.equals(before.password(), now.password());
        // What was undone is kept until a rotation completes, as the host may still come to it late.
        expect(!rotated || store.secrets().size() == 1, "a rotation completed, and the store has several secrets");
        expect(!rotated || !logins.accepts(before), "the old credential still logs in");
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
