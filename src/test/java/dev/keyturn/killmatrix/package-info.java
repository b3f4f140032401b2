/**
 * Kills Keyturn in each named moment of each kind of rotation, has a new process recover, and lets an oracle look at host,
 * Dromo and store.
 *
 * <p>The product runs in processes of its own, from the distribution; host and Dromo are stand-ins in this one, and live
 * on. Nothing here depends on the product's code: the store is read with SQL and {@code javax.crypto}, the audit log with
 * SHA-256, and logins are tried with Apache MINA SSHD, none of which the product shares.
 *
 * <p>A kind of rotation is a line in {@link Kind#ALL}, a way it can go a line in {@link Course#ALL}.
 */
@NullMarked
package dev.keyturn.killmatrix;

import org.jspecify.annotations.NullMarked;
