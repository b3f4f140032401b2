package dev.keyturn.cli;

/** A person's words, which other people's terminals will show. */
final class Remark {
    private static final int LONGEST = 500;

    private Remark() {}

    /** @throws UsageException where a terminal would not show it as it is, in a line */
    static String of(String option, String text) {
        boolean shown = text.codePoints().allMatch(c -> switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.UNASSIGNED,
                    Character.PRIVATE_USE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        });
        if (!shown || text.length() > LONGEST) {
            throw new UsageException(option + " takes one line of text, without control characters and of " + LONGEST
                    + " characters at most");
        }
        return text;
    }
}
