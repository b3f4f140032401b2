/**
 * The durable journal, the encrypted secrets and the leases, in SQLite below the state directory.
 *
 * <p>Implements {@code rotation}'s {@link dev.keyturn.rotation.Journal}; depends on {@code rotation}, {@code secret} and
 * the JDK. The only package that speaks JDBC and that encrypts. Why the JDK's AES-GCM, and what it costs, stands in
 * {@code docs/adr/0003-encryption-at-rest.md}.
 */
@NullMarked
package dev.keyturn.store;

import org.jspecify.annotations.NullMarked;
