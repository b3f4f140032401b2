/**
 * The audit log: a chain of JSON Lines, its writer, its reader and its verifier.
 *
 * <p>Implements {@code rotation}'s {@link dev.keyturn.rotation.AuditTrail}; depends on {@code rotation}, Jackson's
 * streaming core and the JDK.
 */
@NullMarked
package dev.keyturn.audit;

import org.jspecify.annotations.NullMarked;
