package dev.keyturn.secret;

import java.util.Optional;

/**
 * What logs in to an SFTP account: an SSH key pair or a password. Closing it wipes the secret part.
 */
public sealed interface LoginSecret extends AutoCloseable {

    /** The authentication type, in Dromo's words. */
    AuthType authType();

    /** The key's fingerprint; empty for a password. */
    Optional<Fingerprint> fingerprint();

    /** An independent copy, which outlives this one. */
    LoginSecret copy();

    /** Whether both log in to the same thing with the same bytes; compares the secret part in constant time. */
    default boolean sameAs(LoginSecret other) {
        if (this instanceof KeyPair one && other instanceof KeyPair two) {
            return one.publicKey().equals(two.publicKey()) && one.privateKey().sameAs(two.privateKey());
        }
        return this instanceof Password one
                && other instanceof Password two
                && one.value().sameAs(two.value());
    }

    @Override
    void close();

    /**
     * An SSH key pair.
     *
     * @param privateKey the private key in the OpenSSH format, without a passphrase, as it is sent to Dromo
     * @param publicKey its public half
     */
    record KeyPair(Secret privateKey, PublicKey publicKey) implements LoginSecret {
        @Override
        public AuthType authType() {
            return AuthType.KEY;
        }

        @Override
        public Optional<Fingerprint> fingerprint() {
            return Optional.of(publicKey.fingerprint());
        }

        @Override
        public KeyPair copy() {
            return new KeyPair(privateKey.copy(), publicKey);
        }

        @Override
        public void close() {
            privateKey.close();
        }
    }

    /** A password, in UTF-8. */
    record Password(Secret value) implements LoginSecret {
        @Override
        public AuthType authType() {
            return AuthType.PASSWORD;
        }

        @Override
        public Optional<Fingerprint> fingerprint() {
            return Optional.empty();
        }

        @Override
        public Password copy() {
            return new Password(value.copy());
        }

        @Override
        public void close() {
            value.close();
        }
    }
}
