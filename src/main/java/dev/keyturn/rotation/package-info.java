/**
 * The heart: what a rotation is, its states, its steps, its proofs, its recovery, and the interfaces of everything it
 * needs from outside ({@link Hosts}, {@link Dromo}, {@link Journal}, {@link AuditTrail}, {@link KeyPairs}).
 *
 * <p>Depends on {@code policy} and {@code secret}. Knows no third-party library but the logging facade: JSch,
 * HttpClient, SQL, Jackson, Quartz and picocli live behind the interfaces.
 */
@NullMarked
package dev.keyturn.rotation;

import org.jspecify.annotations.NullMarked;
