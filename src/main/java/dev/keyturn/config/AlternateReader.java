package dev.keyturn.config;

import dev.keyturn.rotation.Alternate;
import dev.keyturn.secret.AuthType;
import java.util.List;
import java.util.Optional;

/** Reads {@code credentials.NAME.alternate}: the users of two accounts that take turns. */
final class AlternateReader {
    static final Keys KEYS = Keys.of("users", "[dromo_a, dromo_b]");

    private AlternateReader() {}

    /**
     * Empty where a problem was noted.
     *
     * @param secret what the credential's policy makes; empty where that has a problem of its own
     */
    static Optional<Alternate> read(Value value, Optional<AuthType> secret) {
        if (secret.equals(Optional.of(AuthType.KEY))) {
            value.rejectKey(
                    "is for passwords only: old and new key log in side by side on one account, so there is no gap",
                    "leave it out");
            return Optional.empty();
        }
        return value.section(KEYS).flatMap(section -> section.required("users")).flatMap(AlternateReader::users);
    }

    private static Optional<Alternate> users(Value value) {
        List<Value> items = value.items();
        List<String> users =
                items.stream().map(HostReader::user).flatMap(Optional::stream).toList();
        if (users.size() < items.size() || items.isEmpty()) {
            return Optional.empty();
        }
        if (users.size() != 2) {
            value.reject("must name two users, who take turns, but names " + users.size());
            return Optional.empty();
        }
        if (users.get(0).equals(users.get(1))) {
            value.reject("names the same user twice; one account can't take turns with itself");
            return Optional.empty();
        }
        return Optional.of(new Alternate(users.get(0), users.get(1)));
    }
}
