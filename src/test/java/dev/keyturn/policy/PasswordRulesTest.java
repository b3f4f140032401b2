package dev.keyturn.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.keyturn.policy.PasswordRules.CharacterClass;
import java.math.BigInteger;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordRulesTest {
    private static final Set<CharacterClass> ALL = EnumSet.allOf(CharacterClass.class);
    private static final String LOWER = "abcdefghijklmnopqrstuvwxyz";
    private static final String UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    @Test
    void takesTheDefaults() {
        PasswordRules rules = new PasswordRules(PasswordRules.DEFAULT_LENGTH, ALL, PasswordRules.DEFAULT_SYMBOLS, "");

        assertThat(rules.alphabets())
                .containsExactly(
                        Map.entry(CharacterClass.LOWER, LOWER),
                        Map.entry(CharacterClass.UPPER, UPPER),
                        Map.entry(CharacterClass.DIGIT, "0123456789"),
                        Map.entry(CharacterClass.SYMBOL, "!#%+-_=."));
        assertThat(rules.entropyBits()).isCloseTo(exactBits(rules), within(1e-9));
    }

    @Test
    void leavesExcludedCharactersOutOfEachClass() {
        PasswordRules rules = new PasswordRules(40, ALL, "!#!0", "0O1lI#");

        assertThat(rules.alphabets())
                .containsExactly(
                        Map.entry(CharacterClass.LOWER, "abcdefghijkmnopqrstuvwxyz"),
                        Map.entry(CharacterClass.UPPER, "ABCDEFGHJKLMNPQRSTUVWXYZ"),
                        Map.entry(CharacterClass.DIGIT, "23456789"),
                        Map.entry(CharacterClass.SYMBOL, "!"));
    }

    /** The figure in the refusal is compared with the count of all passwords that follow the rules. */
    @ParameterizedTest
    @CsvSource({
        "4, 1, 1, 1, 1",
        "5, 1, 1, 1, 1",
        "3, 2, 0, 1, 0",
        "6, 2, 3, 1, 0",
        "4, 3, 0, 0, 2",
        "1, 0, 0, 5, 0",
        "7, 1, 2, 0, 1"
    })
    void statesTheExactEntropyOfTinyAlphabets(int length, int lower, int upper, int digits, int symbols) {
        Set<CharacterClass> classes = EnumSet.noneOf(CharacterClass.class);
        StringBuilder exclude = new StringBuilder();
        keep(classes, CharacterClass.LOWER, LOWER, lower, exclude);
        keep(classes, CharacterClass.UPPER, UPPER, upper, exclude);
        keep(classes, CharacterClass.DIGIT, "0123456789", digits, exclude);
        keep(classes, CharacterClass.SYMBOL, "!#%+", symbols, exclude);
        List<String> alphabets = List.of(
                        LOWER.substring(0, lower),
                        UPPER.substring(0, upper),
                        "0123456789".substring(0, digits),
                        "!#%+".substring(0, symbols))
                .stream()
                .filter(alphabet -> !alphabet.isEmpty())
                .toList();
        double bits = Math.log(count("", length, alphabets)) / Math.log(2);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PasswordRules(length, classes, "!#%+", exclude.toString()))
                .withMessage(String.format(
                        Locale.ROOT, "these rules give %.1f bits of entropy, at least 128 are needed", bits));
    }

    @ParameterizedTest
    @ValueSource(ints = {22, 24, 64, 1024})
    void agreesWithExactArithmetic(int length) {
        PasswordRules rules = new PasswordRules(length, ALL, "!", "");

        assertThat(rules.entropyBits()).isCloseTo(exactBits(rules), within(1e-9));
    }

    @Test
    void drawsTheLineAt128Bits() {
        // 39 digits give 129.6 bits, 38 give 126.2.
        assertThat(new PasswordRules(39, EnumSet.of(CharacterClass.DIGIT), "", "").entropyBits())
                .isCloseTo(129.55, within(0.01));
        assertRefused(
                38,
                EnumSet.of(CharacterClass.DIGIT),
                "",
                "",
                "these rules give 126.2 bits of entropy, at least 128 are needed");
    }

    @Test
    void refusesRulesNoPasswordCanFollow() {
        assertRefused(40, Set.of(), "!", "", "at least one character class is needed");
        assertRefused(3, ALL, "!", "", "length 3 can't hold one of each of 4 classes");
        assertRefused(0, ALL, "!", "", "length 0 is outside 1 to 1024");
        assertRefused(1025, ALL, "!", "", "length 1025 is outside 1 to 1024");
        assertRefused(
                40,
                EnumSet.of(CharacterClass.LOWER, CharacterClass.DIGIT),
                "",
                "0123456789",
                "nothing is left of class digit after excluding '0123456789'");
    }

    @Test
    void saysWhySymbolsAreMissing() {
        assertRefused(40, ALL, "", "", "class symbol needs at least one character in symbols");
        assertRefused(40, ALL, "aB7", "", "symbols 'aB7' are letters and digits of the other classes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"! #", "!:", "!\n", "!\u0000", "!\u007f", "!é", "!😀"})
    void refusesSymbolsThatHostsReadDifferently(String symbols) {
        assertRefused(40, ALL, symbols, "", "symbols may hold printable ASCII without space and colon only");
    }

    private static void assertRefused(
            int length, Set<CharacterClass> classes, String symbols, String exclude, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PasswordRules(length, classes, symbols, exclude))
                .withMessage(message);
    }

    private static void keep(
            Set<CharacterClass> classes, CharacterClass one, String all, int kept, StringBuilder exclude) {
        if (kept > 0) {
            classes.add(one);
            exclude.append(all.substring(kept));
        }
    }

    private static long count(String prefix, int length, List<String> alphabets) {
        if (prefix.length() == length) {
            return alphabets.stream().allMatch(alphabet -> prefix.chars().anyMatch(c -> alphabet.indexOf(c) >= 0))
                    ? 1
                    : 0;
        }
        return String.join("", alphabets)
                .chars()
                .mapToLong(c -> count(prefix + (char) c, length, alphabets))
                .sum();
    }

    /** Counts by a different road than the product: character by character, over the set of classes seen so far. */
    private static double exactBits(PasswordRules rules) {
        Collection<String> alphabets = rules.alphabets().values();
        int[] sizes = alphabets.stream().mapToInt(String::length).toArray();
        BigInteger[] ways = new BigInteger[1 << sizes.length];
        java.util.Arrays.fill(ways, BigInteger.ZERO);
        ways[0] = BigInteger.ONE;
        for (int position = 0; position < rules.length(); position++) {
            BigInteger[] next = new BigInteger[ways.length];
            java.util.Arrays.fill(next, BigInteger.ZERO);
            for (int seen = 0; seen < ways.length; seen++) {
                for (int i = 0; i < sizes.length; i++) {
                    int with = seen | (1 << i);
                    next[with] = next[with].add(ways[seen].multiply(BigInteger.valueOf(sizes[i])));
                }
            }
            ways = next;
        }
        BigInteger all = ways[ways.length - 1];
        int shift = Math.max(0, all.bitLength() - 60);
        return shift + Math.log(all.shiftRight(shift).doubleValue()) / Math.log(2);
    }
}
