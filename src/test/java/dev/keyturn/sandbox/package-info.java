/**
 * The stand-ins for Dromo ({@link dev.keyturn.sandbox.DromoStandIn}) and for an SFTP host
 * ({@link dev.keyturn.sandbox.SftpStandIn}): one implementation for the tests and for the demo.
 *
 * <p>They are part of the oracle that judges the product, so nothing of {@code src/main} may be imported here, and what
 * the product does with JSch and HttpClient is done here with Apache MINA SSHD and plain sockets. Both listen on loopback
 * only. They keep secrets in plain strings on purpose: a test has to be able to ask for them.
 *
 * <p>Both take faults as composable rules, {@link dev.keyturn.sandbox.DromoFaults} and
 * {@link dev.keyturn.sandbox.SftpFaults}. A new kind of fault is one new method that returns a
 * {@link dev.keyturn.sandbox.DromoFault} or a {@link dev.keyturn.sandbox.SftpFault}; nothing else changes.
 */
@NullMarked
package dev.keyturn.sandbox;

import org.jspecify.annotations.NullMarked;
