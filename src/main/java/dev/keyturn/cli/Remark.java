package dev.keyturn.cli;

import dev.keyturn.rotation.Printable;

/** A person's words, which other people's terminals will show. */
final class Remark {
    private static final int LONGEST = 500;

    private Remark() {}

    /** @throws UsageException where a terminal would not show it as it is, in a line */
    static String of(String option, String text) {
        if (!text.codePoints().allMatch(Printable::isShown) || text.length() > LONGEST) {
            throw new UsageException(option + " takes one line of text, without control characters and of " + LONGEST
                    + " characters at most");
        }
        return text;
    }
}
