/**
 * Measures {@code keyturn rotate --all} against what else could do the job, on one real sshd; {@code bench/rotate-all}
 * runs it and {@code docs/benchmarks.md} explains it.
 *
 * <p>Like any operator it knows the product as a program only: no class from {@code src/main} may be imported here. It
 * uses the real sshd of {@code realhost} and Dromo's stand-in of {@code sandbox}. Nothing here is a test: no build
 * fails because a machine was slow.
 */
@NullMarked
package dev.keyturn.bench;

import org.jspecify.annotations.NullMarked;
