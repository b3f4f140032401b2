package dev.keyturn.config;

import java.util.regex.Pattern;

/**
 * What an unquoted scalar is by YAML 1.2's core schema (chapter 10.3.2), in which {@code yes} and {@code 2026-12-20} are
 * text and {@code 010} is a number.
 */
enum PlainScalar {
    EMPTY("has no value"),
    FLAG("is true or false"),
    NUMBER("is a number"),
    TEXT("is text");

    private static final Pattern NUMBERS = Pattern.compile("[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+"
            + "|[-+]?(?:\\.[0-9]+|[0-9]+(?:\\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"
            + "|[-+]?\\.(?:inf|Inf|INF)|\\.(?:nan|NaN|NAN)");

    private final String description;

    PlainScalar(String description) {
        this.description = description;
    }

    /** To follow a key's name: {@code is a number}. */
    String description() {
        return description;
    }

    static PlainScalar of(String scalar) {
        return switch (scalar) {
            case "", "~", "null", "Null", "NULL" -> EMPTY;
            case "true", "True", "TRUE", "false", "False", "FALSE" -> FLAG;
            default ->
                startsLikeANumber(scalar.charAt(0)) && NUMBERS.matcher(scalar).matches() ? NUMBER : TEXT;
        };
    }

    private static boolean startsLikeANumber(char first) {
        return (first >= '0' && first <= '9') || first == '-' || first == '+' || first == '.';
    }
}
