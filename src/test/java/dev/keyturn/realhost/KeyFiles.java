package dev.keyturn.realhost;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A key pair made by {@code ssh-keygen}, for tests that must not depend on the product's own.
 *
 * @param privateKey in OpenSSH's format, without a passphrase
 * @param publicLine the public key as a line of authorized_keys, with the comment {@code made-by-ssh-keygen}
 * @param rfc4716 the public key in the format of RFC 4716, which ProFTPD reads
 */
public record KeyFiles(byte[] privateKey, String publicLine, String rfc4716) {

    /** @param algorithm {@code ed25519}, {@code ecdsa} or {@code rsa} */
    public static KeyFiles make(String algorithm) {
        try {
            Path directory = Files.createTempDirectory("keyturn-keys-");
            try {
                Path key = directory.resolve("key");
                new Command(
                                "/usr/bin/ssh-keygen",
                                "-q",
                                "-t",
                                algorithm,
                                "-N",
                                "",
                                "-C",
                                "made-by-ssh-keygen",
                                "-f",
                                key.toString())
                        .runOrFail();
                String rfc4716 = new Command("/usr/bin/ssh-keygen", "-e", "-m", "RFC4716", "-f", key + ".pub")
                        .runOrFail()
                        .output();
                return new KeyFiles(
                        Files.readAllBytes(key),
                        Files.readString(Path.of(key + ".pub")).strip(),
                        rfc4716);
            } finally {
                Workspace.delete(directory);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Can't make a key pair", e);
        }
    }
}
