/**
 * Secrets as bytes that are wiped after use, password generation, public-key fingerprints, and what takes secrets out of
 * the words of others.
 *
 * <p>Ground floor: depends on {@code policy} alone (for the rules a password follows) and on no third-party library.
 */
@NullMarked
package dev.keyturn.secret;

import org.jspecify.annotations.NullMarked;
