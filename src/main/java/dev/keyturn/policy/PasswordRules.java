package dev.keyturn.policy;

import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The rules a generated password follows: each of {@code classes} occurs at least once, no other character occurs.
 *
 * @param length characters; 1 to 1024
 * @param classes the required character classes, at least one
 * @param symbols the characters of class {@code SYMBOL}
 * @param exclude characters left out of every class
 */
public record PasswordRules(int length, Set<CharacterClass> classes, String symbols, String exclude) {
    public static final int DEFAULT_LENGTH = 40;
    public static final String DEFAULT_SYMBOLS = "!#%+-_=.";
    public static final double MINIMUM_ENTROPY_BITS = 128;
    public static final int MAXIMUM_LENGTH = 1024;

    public enum CharacterClass {
        LOWER,
        UPPER,
        DIGIT,
        SYMBOL
    }

    /**
     * @throws IllegalArgumentException where no password can follow the rules, or where they leave less than
     *     {@value #MINIMUM_ENTROPY_BITS} bits of entropy; the message gives the figure
     */
    public PasswordRules {
        classes = Set.copyOf(classes);
        if (classes.isEmpty()) {
            throw new IllegalArgumentException("at least one character class is needed");
        }
        if (length < 1 || length > MAXIMUM_LENGTH) {
            throw new IllegalArgumentException("length " + length + " is outside 1 to " + MAXIMUM_LENGTH);
        }
        rejectUnprintable(symbols, "symbols");
        Map<CharacterClass, String> alphabets = alphabets(classes, symbols, exclude);
        alphabets.forEach((characterClass, alphabet) -> {
            if (alphabet.isEmpty()) {
                throw new IllegalArgumentException(whyEmpty(characterClass, symbols, exclude));
            }
        });
        if (length < classes.size()) {
            throw new IllegalArgumentException(
                    "length " + length + " can't hold one of each of " + classes.size() + " classes");
        }
        double bits = entropyBits(length, alphabets);
        if (bits < MINIMUM_ENTROPY_BITS) {
            throw new IllegalArgumentException(String.format(
                    java.util.Locale.ROOT,
                    "these rules give %.1f bits of entropy, at least %.0f are needed",
                    bits,
                    MINIMUM_ENTROPY_BITS));
        }
    }

    /** Each required class with the characters it may use, without duplicates. */
    public Map<CharacterClass, String> alphabets() {
        return alphabets(classes, symbols, exclude);
    }

    /** The exact entropy of a uniform choice among all passwords that follow the rules, in bits. */
    public double entropyBits() {
        return entropyBits(length, alphabets());
    }

    private static Map<CharacterClass, String> alphabets(Set<CharacterClass> classes, String symbols, String exclude) {
        Map<CharacterClass, String> alphabets = new EnumMap<>(CharacterClass.class);
        Set<Character> taken = new LinkedHashSet<>();
        for (CharacterClass characterClass : CharacterClass.values()) {
            if (classes.contains(characterClass)) {
                String all = switch (characterClass) {
                    case LOWER -> "abcdefghijklmnopqrstuvwxyz";
                    case UPPER -> "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
                    case DIGIT -> "0123456789";
                    case SYMBOL -> symbols;
                };
                alphabets.put(
                        characterClass,
                        all.chars()
                                .mapToObj(c -> (char) c)
                                .filter(c -> exclude.indexOf(c) < 0)
                                .filter(taken::add)
                                .map(String::valueOf)
                                .collect(Collectors.joining()));
            }
        }
        return alphabets;
    }

    private static String whyEmpty(CharacterClass empty, String symbols, String exclude) {
        if (empty == CharacterClass.SYMBOL && symbols.isEmpty()) {
            return "class symbol needs at least one character in symbols";
        }
        if (empty == CharacterClass.SYMBOL && symbols.chars().anyMatch(c -> exclude.indexOf(c) < 0)) {
            return "symbols '" + symbols + "' are letters and digits of the other classes";
        }
        return "nothing is left of class " + empty.name().toLowerCase(java.util.Locale.ROOT) + " after excluding '"
                + exclude + "'";
    }

    /** Inclusion and exclusion over the classes that could be missing counts the passwords that have them all. */
    private static double entropyBits(int length, Map<CharacterClass, String> alphabets) {
        int[] sizes = alphabets.values().stream().mapToInt(String::length).toArray();
        int total = java.util.Arrays.stream(sizes).sum();
        double fraction = 0;
        for (int missing = 0; missing < (1 << sizes.length); missing++) {
            int left = total;
            for (int i = 0; i < sizes.length; i++) {
                if ((missing & (1 << i)) != 0) {
                    left -= sizes[i];
                }
            }
            double sign = Integer.bitCount(missing) % 2 == 0 ? 1 : -1;
            fraction += sign * Math.pow((double) left / total, length);
        }
        return fraction <= 0 ? 0 : length * log2(total) + log2(fraction);
    }

    private static double log2(double value) {
        return Math.log(value) / Math.log(2);
    }

    private static void rejectUnprintable(String characters, String name) {
        characters
                .chars()
                .filter(c -> c <= ' ' || c > '~' || c == ':')
                .findFirst()
                .ifPresent(c -> {
                    // chpasswd splits its lines at the first colon and takes the rest, but other tools do not; a line
                    // feed or
                    // a space would end or change the password on one host or another.
                    throw new IllegalArgumentException(name + " may hold printable ASCII without space and colon only");
                });
    }
}
