package dev.keyturn.rotation;

import dev.keyturn.secret.AuthType;
import dev.keyturn.secret.SecretSource;

/**
 * Another account of the same host that may change the managed one.
 *
 * @param user its login name
 * @param authType whether {@code secret} is a private key in the OpenSSH format or a password
 * @param secret read anew at each use
 */
public record Administrator(String user, AuthType authType, SecretSource secret) {}
