package dev.keyturn.killmatrix;

/** What a credential's secret is, and who changes it on the host. */
enum Secrets {
    KEY,
    /** Only a partner may change the host. */
    KEY_BY_PARTNER,
    PASSWORD,
    /** Of two accounts that take turns. */
    ALTERNATING_PASSWORDS;

    boolean areKeys() {
        return this == KEY || this == KEY_BY_PARTNER;
    }
}
