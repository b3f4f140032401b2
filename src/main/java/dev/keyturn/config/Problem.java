package dev.keyturn.config;

/**
 * One thing that is wrong in a configuration file.
 *
 * @param file the file as the operator named it
 * @param line from 1
 * @param column from 1, in characters
 * @param path the place in the YAML, e.g. {@code policies.partner-keys.schedule}; empty for the file as a whole
 * @param message what is wrong; never holds a secret
 * @param example what would be accepted, e.g. {@code for example port: 22}
 */
public record Problem(String file, int line, int column, String path, String message, String example) {

    /** {@code FILE:LINE:COLUMN: PATH.IN.YAML: what is wrong; an accepted example}, on one line. */
    @Override
    public String toString() {
        String place = path.isEmpty() ? "" : path + ": ";
        return file + ":" + line + ":" + column + ": " + place + message + "; " + example;
    }
}
