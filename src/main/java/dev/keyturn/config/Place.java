package dev.keyturn.config;

/**
 * Where something stands: all that a later message needs of it, so that a fleet's values need not be kept for that.
 *
 * @param file whose problems the file's own are
 * @param line from 1
 * @param column from 1
 */
record Place(Problems file, int line, int column) {

    /** For a message about {@code other}: {@code line 3}, with the file where it is another one. */
    String seenFrom(Value other) {
        return isInFileOf(other) ? "line " + line : file.file() + ", line " + line;
    }

    boolean isInFileOf(Value other) {
        return file == other.place().file();
    }
}
