package dev.keyturn.rotation;

import java.time.Instant;

/**
 * The schedule that a credential has had since the daemon first ran with it: dates before then were never promised.
 *
 * @param schedule as {@link dev.keyturn.policy.Schedule#describe} says it
 */
public record Scheduled(String schedule, Instant since) {}
