/**
 * When a credential is rotated and what its new secret looks like.
 *
 * <p>Ground floor: pure functions of an {@link java.time.Instant}; no clock, no I/O, no library but the cron parser.
 */
@NullMarked
package dev.keyturn.policy;

import org.jspecify.annotations.NullMarked;
