package dev.keyturn.secret;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.policy.PasswordRules;
import dev.keyturn.policy.PasswordRules.CharacterClass;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PasswordGeneratorTest {
    private static final PasswordRules DEFAULTS = new PasswordRules(
            PasswordRules.DEFAULT_LENGTH, EnumSet.allOf(CharacterClass.class), PasswordRules.DEFAULT_SYMBOLS, "");
    private static final PasswordRules READABLE =
            new PasswordRules(24, EnumSet.allOf(CharacterClass.class), "!", "0O1lI");

    private final PasswordGenerator generator = new PasswordGenerator(new Repeatable(20261123));

    @Test
    void usesEveryClassAndNoOtherCharacter() {
        String all = String.join("", READABLE.alphabets().values());
        for (int i = 0; i < 2000; i++) {
            String password = password(READABLE);

            assertThat(password).hasSize(24);
            assertThat(password.chars().allMatch(c -> all.indexOf(c) >= 0)).isTrue();
            READABLE.alphabets()
                    .values()
                    .forEach(alphabet ->
                            assertThat(password).matches(text -> text.chars().anyMatch(c -> alphabet.indexOf(c) >= 0)));
        }
    }

    @Test
    void neverUsesAnExcludedCharacter() {
        for (int i = 0; i < 2000; i++) {
            assertThat(password(READABLE)).doesNotContainPattern("[0O1lI]");
        }
    }

    @Test
    void usesEachCharacterEquallyOftenAtEachPlace() {
        PasswordRules one = new PasswordRules(40, EnumSet.of(CharacterClass.LOWER, CharacterClass.UPPER), "", "");
        int[] places = {0, 1, 20, 39};
        for (int place : places) {
            Map<Character, Integer> counts = new HashMap<>();
            int series = 20_000;
            for (int i = 0; i < series; i++) {
                counts.merge(password(one).charAt(place), 1, Integer::sum);
            }
            double expected = series / 52.0;
            double chiSquare = counts.values().stream()
                    .mapToDouble(count -> (count - expected) * (count - expected) / expected)
                    .sum();

            assertThat(counts).hasSize(52);
            // 51 degrees of freedom: 87.97 is exceeded by chance once in 1000 series.
            assertThat(chiSquare).as("place %d", place).isLessThan(87.97);
        }
    }

    /** Placing one of each class first would make the rare class too frequent. */
    @Test
    void usesARareClassAsOftenAsAmongAllPasswordsThatFollowTheRules() {
        PasswordRules rare = new PasswordRules(28, EnumSet.of(CharacterClass.LOWER, CharacterClass.SYMBOL), "!", "");
        int series = 20_000;
        int once = 0;
        for (int i = 0; i < series; i++) {
            if (password(rare).chars().filter(c -> c == '!').count() == 1) {
                once++;
            }
        }
        double p = 1 / 27.0;
        double exactlyOne = 28 * p * Math.pow(1 - p, 27) / (1 - Math.pow(1 - p, 28));
        double deviation = Math.sqrt(series * exactlyOne * (1 - exactlyOne));

        assertThat(Math.abs(once - series * exactlyOne)).isLessThan(3.3 * deviation);
    }

    @Test
    void neverRepeatsItself() {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 10_000; i++) {
            assertThat(seen.add(password(DEFAULTS))).isTrue();
        }
    }

    private String password(PasswordRules rules) {
        try (Secret secret = generator.generate(rules)) {
            return new String(secret.expose(), StandardCharsets.US_ASCII);
        }
    }

    /** The same series in each run. */
    private static final class Repeatable extends SecureRandom {
        private static final long serialVersionUID = 1;

        private final Random random;

        Repeatable(long seed) {
            random = new Random(seed);
        }

        @Override
        public int nextInt(int bound) {
            return random.nextInt(bound);
        }
    }
}
