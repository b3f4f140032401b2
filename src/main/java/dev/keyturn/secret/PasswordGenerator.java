package dev.keyturn.secret;

import dev.keyturn.policy.PasswordRules;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Collection;

/** Makes passwords: uniform over all that follow the rules. Thread-safe. */
public final class PasswordGenerator {
    private final SecureRandom random;

    public PasswordGenerator(SecureRandom random) {
        this.random = random;
    }

    /**
     * A new password. Draws until each required class occurs, so that every password that follows the rules is equally
     * likely; placing one of each class first would not be.
     */
    public Secret generate(PasswordRules rules) {
        Collection<String> alphabets = rules.alphabets().values();
        String all = String.join("", alphabets);
        byte[] password = new byte[rules.length()];
        do {
            for (int i = 0; i < password.length; i++) {
                password[i] = (byte) all.charAt(random.nextInt(all.length()));
            }
        } while (!alphabets.stream().allMatch(alphabet -> containsOneOf(password, alphabet)));
        Secret secret = Secret.copyOf(password);
        Arrays.fill(password, (byte) 0);
        return secret;
    }

    private static boolean containsOneOf(byte[] password, String alphabet) {
        for (byte b : password) {
            if (alphabet.indexOf(b) >= 0) {
                return true;
            }
        }
        return false;
    }
}
