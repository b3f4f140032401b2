/**
 * The running daemon: what happens at start, at a credential's turn, and at the end. Depends on {@code schedule} and
 * {@code rotation}.
 */
@NullMarked
package dev.keyturn.daemon;

import org.jspecify.annotations.NullMarked;
