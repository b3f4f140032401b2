/**
 * SFTP hosts: SSH sessions, host keys, login proofs, the ways a secret gets onto a host, and key pairs.
 *
 * <p>Implements {@code rotation.Hosts} and {@code rotation.KeyPairs}. The only package that knows JSch: it translates
 * JSch's failures in {@code SshFailures}. Depends on {@code rotation}, {@code policy} and {@code secret}.
 */
@NullMarked
package dev.keyturn.ssh;

import org.jspecify.annotations.NullMarked;
