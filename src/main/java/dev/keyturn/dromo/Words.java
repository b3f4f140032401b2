package dev.keyturn.dromo;

import dev.keyturn.rotation.Printable;

/** Makes what others say fit for a message: one line, no control characters, bounded. */
final class Words {
    static final int LONGEST = 300;

    private static final int LONGEST_RAW = 16 * 1024;

    private Words() {}

    /** Enough to clean; masking takes its time with long texts. */
    static String bounded(String text) {
        return text.length() <= LONGEST_RAW ? text : text.substring(0, LONGEST_RAW);
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
