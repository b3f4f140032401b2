package dev.keyturn.config;

import java.util.List;
import java.util.stream.Collectors;

/** The configuration can't be used. Holds everything that is wrong with it, in the order of the file. */
public final class InvalidConfigurationException extends Exception {
    private final transient List<Problem> problems;

    InvalidConfigurationException(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    /** At least one. The exception's message is their text, one a line. */
    public List<Problem> problems() {
        return problems;
    }
}
