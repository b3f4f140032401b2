package dev.keyturn.killmatrix;

import java.util.List;
import java.util.function.Function;

/**
 * A kind of rotation.
 *
 * @param install the credential's {@code install} in the configuration, a flow mapping
 */
record Kind(String name, Secrets secrets, Function<World, String> install) {
    static final List<Kind> ALL = List.of(
            new Kind("key, authorized_keys", Secrets.KEY, world -> "{method: authorized_keys}"),
            new Kind(
                    "key, authorized_keys as",
                    Secrets.KEY,
                    world -> "{method: authorized_keys, path: " + World.KEYS_FILE + ", as: " + World.ADMINISTRATOR
                            + "}"),
            new Kind(
                    "key, command",
                    Secrets.KEY,
                    world -> "{method: command, command: " + world.api().command() + "}"),
            new Kind(
                    "password, chpasswd",
                    Secrets.PASSWORD,
                    world -> "{method: chpasswd, as: " + World.ADMINISTRATOR + "}"),
            new Kind("password, passwd", Secrets.PASSWORD, world -> "{method: passwd}"),
            new Kind(
                    "password, command",
                    Secrets.PASSWORD,
                    world -> "{method: command, command: " + world.api().command() + "}"),
            new Kind(
                    "password, alternate chpasswd",
                    Secrets.ALTERNATING_PASSWORDS,
                    world -> "{method: chpasswd, as: " + World.ADMINISTRATOR + "}"),
            new Kind("password, alternate passwd", Secrets.ALTERNATING_PASSWORDS, world -> "{method: passwd}"),
            new Kind("key, manual", Secrets.KEY_BY_PARTNER, world -> "{method: manual}"));

    boolean isKey() {
        return secrets.areKeys();
    }

    boolean alternates() {
        return secrets == Secrets.ALTERNATING_PASSWORDS;
    }

    boolean byPartner() {
        return secrets == Secrets.KEY_BY_PARTNER;
    }

    @Override
    public String toString() {
        return name;
    }
}
