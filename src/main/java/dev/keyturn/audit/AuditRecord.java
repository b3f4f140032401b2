package dev.keyturn.audit;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * One record of the audit log, as it stands there. What is null in the log is empty here.
 *
 * @param actor {@code kind}, {@code uid}, {@code name}; empty where nobody acted
 * @param prev SHA-256 of the line before, in hex
 * @param line the whole line, without its line feed
 */
public record AuditRecord(
        long seq,
        Instant ts,
        String node,
        String event,
        Optional<String> phase,
        Optional<String> rotation,
        Optional<String> credential,
        Map<String, Object> actor,
        Optional<String> target,
        Optional<String> outcome,
        Optional<String> error,
        Optional<String> fingerprint,
        Optional<String> previousFingerprint,
        Map<String, Object> detail,
        Optional<String> config,
        String prev,
        String line) {

    /** The record's name while a fragment is declared. */
    static final String RECOVERED = "log.recovered";

    boolean isRecovery() {
        return event.equals(RECOVERED);
    }

    /** Whether it takes an earlier side effect back. */
    boolean isUndo() {
        return Boolean.TRUE.equals(detail.get("undo"));
    }
}
