package dev.keyturn.rotation;

import java.time.Instant;

/**
 * Logins of one account that its host refused one after the other, with none in between that it accepted.
 *
 * @param inARow at least 1
 * @param lastAt when the newest was refused
 */
public record Refusals(int inARow, Instant lastAt) {}
