package dev.keyturn.rotation;

import dev.keyturn.secret.LoginSecret;
import dev.keyturn.secret.PublicKey;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The secrets a rotation works with: read from the store when first needed, wiped when the rotation is put down. */
final class SecretsInHand implements AutoCloseable {
    private final Journal journal;
    private @Nullable LoginSecret candidate;
    private @Nullable Predecessor predecessor;
    private Optional<SecretVersion> predecessorVersion = Optional.empty();
    private @Nullable LoginSecret inDromo;

    SecretsInHand(Journal journal) {
        this.journal = journal;
    }

    /** Takes over a secret that was just made, so that it need not be decrypted. */
    void made(LoginSecret secret) {
        candidate = secret;
    }

    LoginSecret candidate(RotationState.WithCandidate state) {
        LoginSecret known = candidate;
        if (known == null) {
            known = journal.secret(state.secret());
            candidate = known;
        }
        return known;
    }

    /**
     * What the changed account has before: the same object for the whole rotation, with the key that preflight found
     * where the store has none.
     */
    Predecessor predecessor(RotationHead head) {
        Predecessor known = predecessor;
        if (known == null || !head.onHost().equals(predecessorVersion)) {
            if (known != null) {
                known.close();
            }
            known = new Predecessor(head.onHost().map(journal::secret), head.previousFingerprint(), publicHalf(head));
        } else if (!known.fingerprint().equals(head.previousFingerprint())) {
            known = new Predecessor(known.secret(), head.previousFingerprint(), publicHalf(head));
        }
        predecessor = known;
        predecessorVersion = head.onHost();
        return known;
    }

    /** Of a key that the store never had, where this rotation has seen its line, in whichever process. */
    private Optional<PublicKey> publicHalf(RotationHead head) {
        return head.onHost().isPresent() || head.previousFingerprint().isEmpty()
                ? Optional.empty()
                : journal.seen(head.credential())
                        .filter(key -> head.previousFingerprint().equals(Optional.of(key.fingerprint())));
    }

    /** How a message calls a secret: which of the two it is, never what it is. */
    String nameOf(LoginSecret secret) {
        String age = secret == candidate ? "new" : "old";
        return age + (secret instanceof LoginSecret.KeyPair ? " key" : " password");
    }

    /** What Dromo logs in with before; empty where the store never had it. */
    Optional<LoginSecret> inDromo(RotationHead head) {
        if (!head.alternates()) {
            return predecessor(head).secret();
        }
        if (inDromo == null) {
            inDromo = head.previous().map(journal::secret).orElse(null);
        }
        return Optional.ofNullable(inDromo);
    }

    @Override
    public void close() {
        if (candidate != null) {
            candidate.close();
        }
        if (predecessor != null) {
            predecessor.close();
        }
        if (inDromo != null) {
            inDromo.close();
        }
    }
}
