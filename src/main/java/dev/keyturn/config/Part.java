package dev.keyturn.config;

/**
 * One file of a configuration.
 *
 * @param section its policies and credentials; of the file that includes the others, everything else too
 * @param references relative to this file
 */
record Part(Section section, References references) {
    /** What an included file may have in it. */
    static final Keys INCLUDED = Keys.of(
            "policies", "{partner-keys: {secret: {type: ssh_key}}}",
            "credentials", "{acme-orders: {policy: partner-keys, ...}}");
}
