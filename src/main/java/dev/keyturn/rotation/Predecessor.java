package dev.keyturn.rotation;

import dev.keyturn.secret.Fingerprint;
import dev.keyturn.secret.LoginSecret;
import dev.keyturn.secret.PublicKey;
import java.util.Optional;

/**
 * The credential that a rotation replaces, as far as it is known.
 *
 * @param secret empty where it was never adopted
 * @param fingerprint of a key, from the store or from Dromo; empty for a password
 * @param publicKey of a key without its secret, where its line was seen on the host before
 */
public record Predecessor(
        Optional<LoginSecret> secret, Optional<Fingerprint> fingerprint, Optional<PublicKey> publicKey)
        implements AutoCloseable {
    public Predecessor(Optional<LoginSecret> secret, Optional<Fingerprint> fingerprint) {
        this(secret, fingerprint, Optional.empty());
    }

    public static Predecessor of(LoginSecret secret) {
        return new Predecessor(Optional.of(secret), secret.fingerprint());
    }

    @Override
    public void close() {
        secret.ifPresent(LoginSecret::close);
    }
}
