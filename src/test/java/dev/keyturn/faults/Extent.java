package dev.keyturn.faults;

/** How long a fault lasts. */
enum Extent {
    /** It strikes a single time. */
    ONCE,
    /** It strikes wherever it can from its moment on, until it is healed. A Dromo fault: each call of its kind. */
    LASTING,
    /** A Dromo fault: it strikes a call, and then every call of whatever kind until it is healed. */
    EVERY_CALL
}
