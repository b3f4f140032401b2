package dev.keyturn.ssh;

import dev.keyturn.secret.Fingerprint;
import dev.keyturn.secret.PublicKey;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/**
 * One line of an authorized_keys file, read as sshd(8) reads it: blanks, options (quoted strings may hold blanks and
 * commas), key type, base64, comment. Characters stand for bytes (ISO 8859-1), so nothing is lost in between.
 *
 * @param text with its line ending, if it has one
 * @param options as written; empty for none
 * @param key empty in a comment, a blank line, a line sshd would pass over, and one that names an authority
 */
record AuthorizedKeysLine(String text, String options, Optional<PublicKey> key) {
    private static final String BLANKS = " \t";

    static AuthorizedKeysLine of(String text) {
        String content = text.substring(0, text.length() - ending(text).length());
        int start = afterBlanks(content, 0);
        if (start == content.length() || content.charAt(start) == '#') {
            return new AuthorizedKeysLine(text, "", Optional.empty());
        }
        Optional<PublicKey> bare = keyAt(content, start);
        if (bare.isPresent()) {
            return new AuthorizedKeysLine(text, "", bare);
        }
        int end = unquoted(content, start, BLANKS);
        String options = content.substring(start, end);
        return new AuthorizedKeysLine(
                text, options, namesAuthority(options) ? Optional.empty() : keyAt(content, afterBlanks(content, end)));
    }

    /** {@code "\n"}, {@code "\r\n"} or nothing. */
    String ending() {
        return ending(text);
    }

    /** What stands after the key; empty where there is nothing, and in a line without a key. */
    String comment() {
        if (key.isEmpty()) {
            return "";
        }
        String written = key.get().line();
        String base64 = written.substring(written.indexOf(' ') + 1);
        return text.substring(text.lastIndexOf(base64) + base64.length()).strip();
    }

    boolean holds(Fingerprint fingerprint) {
        return key.map(PublicKey::fingerprint).filter(fingerprint::equals).isPresent();
    }

    private static String ending(String text) {
        return text.endsWith("\r\n") ? "\r\n" : text.endsWith("\n") ? "\n" : "";
    }

    private static int afterBlanks(String content, int from) {
        int at = from;
        while (at < content.length() && isBlank(content.charAt(at))) {
            at++;
        }
        return at;
    }

    private static int wordEnd(String content, int from) {
        int at = from;
        while (at < content.length() && !isBlank(content.charAt(at))) {
            at++;
        }
        return at;
    }

    /** A key that signs certificates is another thing than the same key as a login. */
    private static boolean namesAuthority(String options) {
        for (int start = 0; start < options.length(); start = unquoted(options, start, ",") + 1) {
            String name = options.substring(start, unquoted(options, start, ",="));
            if (name.equalsIgnoreCase("cert-authority")) {
                return true;
            }
        }
        return false;
    }

    /** Where the first of these characters stands outside of quotes; the end where none does. */
    private static int unquoted(String content, int from, String characters) {
        boolean quoted = false;
        int at = from;
        for (; at < content.length() && (quoted || characters.indexOf(content.charAt(at)) < 0); at++) {
            if (content.startsWith("\\\"", at)) {
                at++;
            } else if (content.charAt(at) == '"') {
                quoted = !quoted;
            }
        }
        return Math.min(at, content.length());
    }

    private static Optional<PublicKey> keyAt(String content, int from) {
        int typeEnd = wordEnd(content, from);
        int blobStart = afterBlanks(content, typeEnd);
        String type = content.substring(from, typeEnd);
        String base64 = content.substring(blobStart, wordEnd(content, blobStart));
        try {
            byte[] blob = Base64.getDecoder().decode(base64);
            boolean named = WireFormat.firstString(blob)
                    .filter(name -> Arrays.equals(name, type.getBytes(StandardCharsets.ISO_8859_1)))
                    .isPresent();
            return named ? Optional.of(new PublicKey(type, base64)) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static boolean isBlank(char c) {
        return BLANKS.indexOf(c) >= 0;
    }
}
