/**
 * Secrets as bytes that are wiped after use, password generation and public-key fingerprints.
 *
 * <p>Ground floor: depends on {@code policy} alone (for the rules a password follows) and on no third-party library.
 */
@NullMarked
package dev.keyturn.secret;

import org.jspecify.annotations.NullMarked;
