/**
 * Turns "due at" into running work, with Quartz. Decides nothing: {@code policy} computes the instants, a one-shot
 * trigger holds each, and a job only calls what it was given.
 */
@NullMarked
package dev.keyturn.schedule;

import org.jspecify.annotations.NullMarked;
