package dev.keyturn.config;

import dev.keyturn.rotation.Printable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.exceptions.Mark;

/** Collects what is wrong in one file and those it includes, so that an operator sees all of it at once. */
final class Problems {
    private static final int LONGEST_ECHO = 80;

    /** More than anybody mends at once; a fleet whose policy has gone would have one for each credential. */
    private static final int MOST = 1_000;

    private final String file;
    private final List<Problem> found = new ArrayList<>();
    private int unlisted;
    private final List<Problems> included = new ArrayList<>();

    Problems(String file) {
        this.file = file;
    }

    /** Those of a file that this one includes; they are told after its own. */
    Problems of(String includedFile) {
        Problems theirs = new Problems(includedFile);
        included.add(theirs);
        return theirs;
    }

    String file() {
        return file;
    }

    void add(Mark at, String path, String message, String example) {
        add(at.getLine() + 1, at.getColumn() + 1, path, message, example);
    }

    void add(int line, int column, String path, String message, String example) {
        if (found.size() < MOST) {
            found.add(new Problem(file, line, column, printable(path), printable(message), printable(example)));
        } else {
            unlisted++;
        }
    }

    /** Forgets those of this file, of which another one makes nonsense. */
    void clear() {
        found.clear();
        unlisted = 0;
    }

    boolean isEmpty() {
        return found.isEmpty() && included.stream().allMatch(Problems::isEmpty);
    }

    /** @throws InvalidConfigurationException where anything was found; in the order of the files */
    void throwIfAny() throws InvalidConfigurationException {
        if (!isEmpty()) {
            throw new InvalidConfigurationException(inOrder().toList());
        }
    }

    private Stream<Problem> inOrder() {
        return Stream.concat(
                found.stream()
                        .distinct()
                        .sorted(Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column)),
                Stream.concat(unlisted(), included.stream().flatMap(Problems::inOrder)));
    }

    private Stream<Problem> unlisted() {
        return unlisted == 0
                ? Stream.empty()
                : Stream.of(new Problem(
                        file, 1, 1, "", "has " + unlisted + " more problems", "mend those above, then check again"));
    }

    /** A value as a message may show it: quoted and shortened. */
    static String quote(String value) {
        int end = value.offsetByCodePoints(0, Math.min(LONGEST_ECHO, value.codePointCount(0, value.length())));
        return "'" + value.substring(0, end) + (end < value.length() ? "..." : "") + "'";
    }

    /** A message is one line on a terminal: control characters of the file must not reach it. */
    private static String printable(String text) {
        StringBuilder printable = new StringBuilder(text.length());
        text.codePoints()
                .forEach(c ->
                        printable.append(Printable.isShown(c) ? Character.toString(c) : String.format("\\u%04x", c)));
        return printable.toString();
    }
}
