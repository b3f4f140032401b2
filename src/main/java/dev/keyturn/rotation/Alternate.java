package dev.keyturn.rotation;

/**
 * Two accounts that take turns: a rotation changes the one that Dromo does not use, and switches Dromo to it.
 *
 * @param first another user than {@code second}
 */
public record Alternate(String first, String second) {
    public Alternate {
        if (first.equals(second)) {
            throw new IllegalArgumentException("two accounts can't take turns where both are " + first);
        }
    }

    public boolean has(String user) {
        return user.equals(first) || user.equals(second);
    }

    /** @param user one of the two */
    public String other(String user) {
        return user.equals(first) ? second : first;
    }

    /** {@code FIRST or SECOND}. */
    @Override
    public String toString() {
        return first + " or " + second;
    }
}
