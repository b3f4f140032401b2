package dev.keyturn.dromo;

/** An answer isn't what Dromo promises. The message names the field, and quotes nothing of the answer. */
final class MalformedAnswerException extends Exception {
    private static final long serialVersionUID = 1;

    MalformedAnswerException(String message) {
        super(message);
    }
}
