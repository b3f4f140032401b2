package dev.keyturn.sandbox;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Looks a key up in authorized_keys as sshd does: options may stand before the key type, a carriage return may end a
 * line, and what is no key line is passed over. Options are not enforced.
 *
 * <p>Source: sshd(8), AUTHORIZED_KEYS FILE FORMAT.
 */
final class AuthorizedKeysFile {
    /** Options hold spaces only inside of double quotes, and there a backslash escapes a quote. */
    private static final Pattern LINE = Pattern.compile("[ \\t]*(?:(?:[^ \\t\"]|\"(?:[^\"\\\\]|\\\\.)*\")+[ \\t]+)??"
            + "(?:ssh-|ecdsa-|sk-)[a-z0-9@.-]+[ \\t]+([A-Za-z0-9+/=]+)(?:[ \\t].*)?");

    private AuthorizedKeysFile() {}

    static boolean contains(Path file, byte[] blob) throws IOException {
        String text;
        try {
            text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            return false;
        }
        for (String line : text.split("\r?\n")) {
            Matcher key = LINE.matcher(line);
            if (!line.startsWith("#") && key.matches() && Arrays.equals(blob, decoded(key.group(1)))) {
                return true;
            }
        }
        return false;
    }

    private static byte[] decoded(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }
}
