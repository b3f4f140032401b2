package dev.keyturn.notify;

/** Text of others, made fit for one line of a mail or a chat. */
final class PlainText {
    private PlainText() {}

    /** Without line feeds and other characters that steer a header, a terminal or the direction of writing. */
    static String line(String text) {
        StringBuilder line = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            switch (Character.getType(c)) {
                case Character.CONTROL,
                        Character.FORMAT,
                        Character.LINE_SEPARATOR,
                        Character.PARAGRAPH_SEPARATOR,
                        Character.SURROGATE -> line.append(' ');
                default -> line.appendCodePoint(c);
            }
        });
        return line.toString().strip();
    }

    /** At most so many characters; what is cut off is marked. */
    static String clip(String text, int most) {
        return text.codePointCount(0, text.length()) <= most
                ? text
                : text.substring(0, text.offsetByCodePoints(0, most - 1)) + "…";
    }
}
