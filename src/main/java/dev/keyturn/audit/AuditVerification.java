package dev.keyturn.audit;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a look at the whole log found.
 *
 * @param records that are whole and in their place, before the first problem
 * @param lastSeq of the last of them; 0 where there is none
 * @param lastHash SHA-256 of its line, in hex: what a checkpoint is compared with
 * @param problem the first thing that is wrong; empty where the log is whole
 * @param openIntents side effects that were announced and have no outcome, and rotations that were started and did not
 *     end: in flight, or interrupted by a crash and not settled yet
 */
public record AuditVerification(
        long records, long lastSeq, String lastHash, Optional<Problem> problem, List<OpenIntent> openIntents) {
    public AuditVerification {
        openIntents = List.copyOf(openIntents);
    }

    public boolean ok() {
        return problem.isEmpty();
    }

    /**
     * Where the log is not what was written.
     *
     * @param segment file name
     * @param line from 1
     * @param seq the number that the record there should have
     * @param reason in a sentence
     */
    public record Problem(String segment, long line, long seq, String reason) {
        @Override
        public String toString() {
            return segment + ":" + line + ": record " + seq + ": " + reason;
        }
    }

    /** An announced side effect without an outcome, or a rotation without an end. */
    public record OpenIntent(
            long seq, Instant ts, String event, Optional<String> rotation, Optional<String> credential) {}
}
