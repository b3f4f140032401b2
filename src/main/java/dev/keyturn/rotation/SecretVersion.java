package dev.keyturn.rotation;

import dev.keyturn.secret.AuthType;
import dev.keyturn.secret.Fingerprint;
import java.util.Optional;

/**
 * A secret in the store, without its secret part.
 *
 * @param id unique in the store, never used again: the rotation's id for a generated one, a random one for an adopted
 * @param fingerprint empty for a password
 */
public record SecretVersion(String id, AuthType authType, Optional<Fingerprint> fingerprint) {}
