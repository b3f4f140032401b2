package dev.keyturn.audit;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * How far a chain reaches.
 *
 * @param seq of its last record; 0 where there is none
 * @param hash SHA-256 of that record's line without its line feed, in hex; 64 zeros where there is none
 */
record ChainEnd(long seq, String hash) {
    static final ChainEnd START = new ChainEnd(0, "0".repeat(64));

    /** The chain with one more line, without its line feed. */
    ChainEnd with(byte[] line) {
        return new ChainEnd(seq + 1, hex(sha256().digest(line)));
    }

    /** Whether {@code next} continues the chain. */
    boolean isContinuedBy(AuditRecord next) {
        return next.seq() == seq + 1 && next.prev().equals(hash);
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
