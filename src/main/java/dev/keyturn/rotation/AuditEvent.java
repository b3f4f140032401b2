package dev.keyturn.rotation;

import dev.keyturn.secret.Fingerprint;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What is to be written into the audit log; the log itself adds version, sequence, time, node, configuration hash and
 * chain. Never holds a secret.
 *
 * @param event its name, e.g. {@code host.install}
 * @param phase intent before a side effect, outcome after it or for a proof; empty for everything else
 * @param target what is changed or asked, e.g. {@code dromo@sftp.example:22}
 * @param error a failure's kind and message in one line
 * @param detail further facts: strings, numbers, booleans, lists and maps of them, in this order
 */
public record AuditEvent(
        String event,
        Optional<Phase> phase,
        Optional<RotationId> rotation,
        Optional<String> credential,
        Optional<Actor> actor,
        Optional<String> target,
        Optional<Result> outcome,
        Optional<String> error,
        Optional<Fingerprint> fingerprint,
        Optional<Fingerprint> previousFingerprint,
        Map<String, Object> detail) {

    public enum Phase {
        INTENT,
        OUTCOME
    }

    public enum Result {
        SUCCESS,
        FAILURE,
        UNKNOWN
    }

    public AuditEvent {
        detail = Collections.unmodifiableMap(new LinkedHashMap<>(detail));
    }

    /** An event with nothing but its name; add what is known of it. */
    public static AuditEvent of(String event) {
        return new AuditEvent(
                event,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Map.of());
    }

    public AuditEvent by(Actor who) {
        return new AuditEvent(
                event,
                phase,
                rotation,
                credential,
                Optional.of(who),
                target,
                outcome,
                error,
                fingerprint,
                previousFingerprint,
                detail);
    }

    public AuditEvent ofCredential(String name) {
        return new AuditEvent(
                event,
                phase,
                rotation,
                Optional.of(name),
                actor,
                target,
                outcome,
                error,
                fingerprint,
                previousFingerprint,
                detail);
    }

    public AuditEvent inRotation(RotationId id) {
        return new AuditEvent(
                event,
                phase,
                Optional.of(id),
                credential,
                actor,
                target,
                outcome,
                error,
                fingerprint,
                previousFingerprint,
                detail);
    }

    public AuditEvent on(String what) {
        return new AuditEvent(
                event,
                phase,
                rotation,
                credential,
                actor,
                Optional.of(what),
                outcome,
                error,
                fingerprint,
                previousFingerprint,
                detail);
    }

    public AuditEvent keys(Optional<Fingerprint> now, Optional<Fingerprint> before) {
        return new AuditEvent(event, phase, rotation, credential, actor, target, outcome, error, now, before, detail);
    }

    public AuditEvent intent() {
        return new AuditEvent(
                event,
                Optional.of(Phase.INTENT),
                rotation,
                credential,
                actor,
                target,
                Optional.empty(),
                error,
                fingerprint,
                previousFingerprint,
                detail);
    }

    /** The same event as the record of what came of it. */
    public AuditEvent outcome(Result result, Optional<String> why) {
        return new AuditEvent(
                event,
                Optional.of(Phase.OUTCOME),
                rotation,
                credential,
                actor,
                target,
                Optional.of(result),
                why,
                fingerprint,
                previousFingerprint,
                detail);
    }

    /** With a result but no phase, as events that are neither side effect nor proof have it. */
    public AuditEvent result(Result result, Optional<String> why) {
        return new AuditEvent(
                event,
                Optional.empty(),
                rotation,
                credential,
                actor,
                target,
                Optional.of(result),
                why,
                fingerprint,
                previousFingerprint,
                detail);
    }

    public AuditEvent with(String key, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(detail);
        more.put(key, value);
        return new AuditEvent(
                event,
                phase,
                rotation,
                credential,
                actor,
                target,
                outcome,
                error,
                fingerprint,
                previousFingerprint,
                more);
    }
}
