package dev.keyturn.rotation;

/** What a terminal, a log or a notice shows as itself: no escapes, no reversed text, no half characters. */
public final class Printable {
    private Printable() {}

    /** Whether {@code c}, a code point, is shown as itself and within a line. */
    public static boolean isShown(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.UNASSIGNED,
                    Character.PRIVATE_USE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
