package dev.keyturn.config;

import dev.keyturn.policy.KeyAlgorithm;
import dev.keyturn.policy.PasswordRules;
import dev.keyturn.policy.PasswordRules.CharacterClass;
import dev.keyturn.policy.SecretRules;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Reads {@code policies.NAME.secret}. */
final class SecretRulesReader {
    static final Keys KEYS = Keys.of(
            "type", "ssh_key",
            "algorithm", "ed25519",
            "length", "40",
            "classes", "[lower, upper, digit, symbol]",
            "symbols", "\"!#%+-_=.\"",
            "exclude", "\"0O1lI\"");
    private static final List<String> CLASSES = Arrays.stream(CharacterClass.values())
            .map(it -> it.name().toLowerCase(Locale.ROOT))
            .toList();

    private SecretRulesReader() {}

    static Optional<SecretRules> read(Value value) {
        return value.section(KEYS)
                .flatMap(section -> section.required("type")
                        .flatMap(type -> type.oneOf(List.of("ssh_key", "password")))
                        .flatMap(type -> type.equals("ssh_key") ? sshKey(section) : password(section)));
    }

    private static Optional<SecretRules> sshKey(Section section) {
        for (String key : List.of("length", "classes", "symbols", "exclude")) {
            section.forbid(key, "is for passwords only", "for example {type: ssh_key, algorithm: ed25519}");
        }
        KeyAlgorithm algorithm = section.value("algorithm")
                .flatMap(it -> it.oneOf(KeyAlgorithm.names()))
                .flatMap(KeyAlgorithm::named)
                .orElse(KeyAlgorithm.ED25519);
        return Optional.of(new SecretRules.SshKey(algorithm));
    }

    /** Stands for the kind of secret where the rules themselves have a problem. */
    private static final PasswordRules SOUND = new PasswordRules(
            PasswordRules.DEFAULT_LENGTH, EnumSet.allOf(CharacterClass.class), PasswordRules.DEFAULT_SYMBOLS, "");

    private static Optional<SecretRules> password(Section section) {
        section.forbid("algorithm", "is for SSH keys only", "for example {type: password, length: 40}");
        int length = section.value("length")
                .flatMap(it -> it.wholeNumber(1, PasswordRules.MAXIMUM_LENGTH))
                .orElse(SOUND.length());
        Set<CharacterClass> classes =
                section.value("classes").map(SecretRulesReader::classes).orElse(SOUND.classes());
        String symbols = section.value("symbols").flatMap(Value::text).orElse(SOUND.symbols());
        String exclude = section.value("exclude").flatMap(Value::text).orElse(SOUND.exclude());
        if (!classes.contains(CharacterClass.SYMBOL)) {
            section.forbid("symbols", "does nothing without the class symbol", "for example classes: [lower, symbol]");
        }
        try {
            return Optional.of(new SecretRules.Password(new PasswordRules(length, classes, symbols, exclude)));
        } catch (IllegalArgumentException e) {
            section.reject(String.valueOf(e.getMessage()), "for example secret: {type: password, length: 40}");
            return Optional.of(new SecretRules.Password(SOUND));
        }
    }

    private static Set<CharacterClass> classes(Value value) {
        Set<CharacterClass> classes = EnumSet.noneOf(CharacterClass.class);
        for (Value item : value.items()) {
            item.oneOf(CLASSES)
                    .map(name -> CharacterClass.valueOf(name.toUpperCase(Locale.ROOT)))
                    .filter(it -> !classes.add(it))
                    .ifPresent(twice -> item.reject("stands here twice"));
        }
        // The problem is noted; rules without a class would only add a second message for it.
        return classes.isEmpty() ? SOUND.classes() : classes;
    }
}
