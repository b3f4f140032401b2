/**
 * Starts real SFTP servers, OpenSSH's and ProFTPD's, and OpenSSH's real client, for integration tests.
 *
 * <p>This is part of the oracle that judges the product. So it depends on the JDK, on JUnit (for the two annotations
 * that skip tests where a server is missing) and on installed programs, and on nothing of the product: no class from
 * {@code src/main} may be imported here.
 *
 * <p>Each server runs as root in mount and process namespaces of its own, with private {@code /etc}, {@code /home},
 * {@code /var/log} and {@code /tmp} directories. Its accounts exist only there; the machine's own are never touched.
 * It needs no systemd, listens on 127.0.0.1 only, and dies with the JVM that started it, even by SIGKILL.
 *
 * <pre>{@code
 * @RequiresSshd
 * class SomethingIT {
 *     @Test
 *     void doesSomething() {
 *         try (RealSshd sshd = RealSshd.builder()
 *                 .account(NewAccount.shell("acme").withKey(publicKeyLine).withPassword("first"))
 *                 .start()) {
 *             // ... act on sshd.host(), sshd.port(), sshd.hostKeyFingerprint() ...
 *             assertThat(sshd.client().login("acme", privateKeyFile)).isEqualTo(Login.ACCEPTED);
 *             assertThat(sshd.account("acme").authorizedKeys()).hasContent(...);
 *         }
 *     }
 * }
 * }</pre>
 */
@NullMarked
package dev.keyturn.realhost;

import org.jspecify.annotations.NullMarked;
