/**
 * Runs the built distribution as its users do, against real SFTP servers ({@code dev.keyturn.realhost}) and the stand-in
 * for Dromo ({@code dev.keyturn.sandbox}), and looks at the result from outside: exit statuses, what was printed, files,
 * and whether OpenSSH's own client logs in.
 *
 * <p>This is part of the oracle that judges the product. It may use those two packages, the JDK, JUnit, AssertJ and
 * Jackson, and nothing of {@code src/main}.
 *
 * <pre>{@code
 * try (Scene scene = Scene.open();
 *         Installation keyturn = scene.installation()) {
 *     ManagedAccount acme = scene.withKey(NewAccount.shell("acme"), KeyFiles.make("ed25519"));
 *     keyturn.policy("keys", "{secret: {type: ssh_key}}").manage(acme, "keys", "{method: authorized_keys}");
 *     keyturn.adopt(acme);
 *     assertThat(keyturn.run("rotate", "acme").status()).isEqualTo(0);
 *     acme.assertRotated();
 * }
 * }</pre>
 */
@NullMarked
package dev.keyturn.endtoend;

import org.jspecify.annotations.NullMarked;
