package dev.keyturn.realhost;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * A server's own key.
 *
 * @param line {@code ALGORITHM BASE64}, as it stands in a known_hosts file after the host's name; no comment
 */
record HostKey(String line) {

    /** Makes a new pair in {@code file} (0600, no passphrase) and {@code file.pub}, with {@code ssh-keygen -t}. */
    static HostKey make(String algorithm, Path file) {
        new Command("/usr/bin/ssh-keygen", "-q", "-t", algorithm, "-N", "", "-C", "", "-f", file.toString())
                .runOrFail();
        try {
            return new HostKey(Files.readString(Path.of(file + ".pub")).strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@code SHA256:...}, as {@code ssh-keygen -lf} prints it. */
    String fingerprint() {
        byte[] blob = Base64.getDecoder().decode(line.split(" ")[1]);
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(blob);
            return "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
