package dev.keyturn.cli;

/** The command line asks for something that makes no sense. The message says what would. */
final class UsageException extends RuntimeException {
    UsageException(String message) {
        super(message);
    }
}
