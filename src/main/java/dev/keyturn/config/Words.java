package dev.keyturn.config;

import java.util.Optional;
import java.util.regex.Pattern;

/** The rules that names and free text in the configuration follow. */
final class Words {
    /** Names of credentials and policies: safe in file names, on command lines and in globs. */
    static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    static final String NAME_RULE =
            "a name has letters, digits, '.', '_' and '-' only, begins with a letter or a digit,"
                    + " and is at most 64 characters long";

    static final Pattern LABEL = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/-]{0,63}");
    static final String LABEL_RULE = "a label's name has letters, digits, '.', '_', '/' and '-' only, begins with a"
            + " letter or a digit, and is at most 64 characters long";

    private Words() {}

    /** Text on one line. */
    static Optional<String> withoutControls(Value value) {
        return value.parsed(text -> {
            if (text.chars().anyMatch(Character::isISOControl)) {
                throw new IllegalArgumentException("must have no line feed and no other control character");
            }
            return text;
        });
    }
}
