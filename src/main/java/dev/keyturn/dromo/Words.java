package dev.keyturn.dromo;

import dev.keyturn.rotation.Printable;
import dev.keyturn.secret.Masking;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Makes what others say fit for a message: one line, no control characters, bounded. */
final class Words {
    static final int LONGEST = 300;

    private static final int LONGEST_RAW = 16 * 1024;

    private Words() {}

    /** The same without secrets. As masking takes its time with long texts, the rest of one that won't be shown is left out. */
    static String clean(String text, Masking masking) {
        byte[] said = text.getBytes(StandardCharsets.UTF_8);
        return clean(
                said.length <= LONGEST_RAW
                        ? masking.mask(said, false)
                        : masking.mask(Arrays.copyOf(said, LONGEST_RAW), true));
    }

    static String clean(String text) {
        StringBuilder clean = new StringBuilder();
        boolean gap = false;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            if (Character.isWhitespace(c) || !Printable.isShown(c)) {
                gap = clean.length() > 0;
                continue;
            }
            if (clean.length() + (gap ? 1 : 0) + Character.charCount(c) > LONGEST - 3) {
                return clean.append("...").toString();
            }
            if (gap) {
                clean.append(' ');
                gap = false;
            }
            clean.appendCodePoint(c);
        }
        return clean.toString();
    }
}
