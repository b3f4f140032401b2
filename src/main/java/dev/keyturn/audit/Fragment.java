package dev.keyturn.audit;

import java.util.Optional;

/** What a crash left of a line, as {@code log.recovered} declares it. */
record Fragment(long bytes, String sha256) {
    static final String BYTES = "fragment_bytes";
    static final String SHA_256 = "fragment_sha256";

    static Fragment of(byte[] text) {
        return new Fragment(text.length, ChainEnd.hex(ChainEnd.sha256().digest(text)));
    }

    /** Empty where the record declares none, or one of no bytes: then only a line feed was missing. */
    static Optional<Fragment> declaredBy(AuditRecord entry) {
        return entry.isRecovery()
                        && entry.detail().get(BYTES) instanceof Long bytes
                        && bytes > 0
                        && entry.detail().get(SHA_256) instanceof String hash
                ? Optional.of(new Fragment(bytes, hash))
                : Optional.empty();
    }
}
