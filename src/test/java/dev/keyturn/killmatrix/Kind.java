package dev.keyturn.killmatrix;

import java.util.List;
import java.util.function.Function;

/**
 * A kind of rotation.
 *
 * @param isKey else a password
 * @param install the credential's {@code install} in the configuration, a flow mapping
 */
record Kind(String name, boolean isKey, Function<World, String> install) {
    static final List<Kind> ALL = List.of(
            new Kind("key, authorized_keys", true, world -> "{method: authorized_keys}"),
            new Kind(
                    "key, authorized_keys as",
                    true,
                    world -> "{method: authorized_keys, path: " + World.KEYS_FILE + ", as: " + World.ADMINISTRATOR
                            + "}"),
            new Kind(
                    "key, command",
                    true,
                    world -> "{method: command, command: " + world.api().command() + "}"),
            new Kind("password, chpasswd", false, world -> "{method: chpasswd, as: " + World.ADMINISTRATOR + "}"),
            new Kind("password, passwd", false, world -> "{method: passwd}"),
            new Kind(
                    "password, command",
                    false,
                    world -> "{method: command, command: " + world.api().command() + "}"));

    @Override
    public String toString() {
        return name;
    }
}
