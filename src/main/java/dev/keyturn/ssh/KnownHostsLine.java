package dev.keyturn.ssh;

import com.jcraft.jsch.jce.HMACSHA1;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.regex.Pattern;

/**
 * One line of a known_hosts file (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT").
 *
 * @param marker {@code @revoked}, {@code @cert-authority} or nothing
 * @param hosts patterns separated by commas, or one hashed name; empty for a line that is none
 * @param key type, base64 and comment
 */
record KnownHostsLine(String marker, String hosts, String key) {
    private static final Pattern BLANKS = Pattern.compile("[ \t]+");
    private static final String HASHED = "|1|";
    private static final KnownHostsLine NONE = new KnownHostsLine("", "", "");

    static KnownHostsLine of(String text) {
        String line = text.strip();
        if (line.isEmpty() || line.startsWith("#")) {
            return NONE;
        }
        boolean marked = line.startsWith("@");
        String[] words = BLANKS.split(line, marked ? 3 : 2);
        if (words.length < (marked ? 3 : 2)) {
            return NONE;
        }
        return marked ? new KnownHostsLine(words[0], words[1], words[2]) : new KnownHostsLine("", words[0], words[1]);
    }

    boolean revoked() {
        return marker.equals("@revoked");
    }

    /** @param name in lower case, with brackets and port where the port is not 22 */
    boolean matches(String name) {
        if (hosts.startsWith(HASHED)) {
            return matchesHash(name);
        }
        boolean matched = false;
        for (String pattern : hosts.toLowerCase(java.util.Locale.ROOT).split(",", -1)) {
            if (pattern.startsWith("!") && glob(pattern.substring(1), name)) {
                return false;
            }
            matched |= glob(pattern, name);
        }
        return matched;
    }

    /** The same line for one name alone. */
    String under(String name) {
        return (marker.isEmpty() ? "" : marker + " ") + name + " " + key;
    }

    private static boolean glob(String pattern, String name) {
        StringBuilder regex = new StringBuilder();
        pattern.chars().forEach(c -> {
            switch (c) {
                case '*' -> regex.append(".*");
                case '?' -> regex.append('.');
                default -> regex.append(Pattern.quote(Character.toString(c)));
            }
        });
        return !pattern.isEmpty() && Pattern.matches(regex.toString(), name);
    }

    private boolean matchesHash(String name) {
        String[] parts = hosts.substring(HASHED.length()).split("\\|", -1);
        if (parts.length != 2) {
            return false;
        }
        try {
            HMACSHA1 mac = new HMACSHA1();
            mac.init(Base64.getDecoder().decode(parts[0]));
            byte[] text = name.getBytes(StandardCharsets.UTF_8);
            mac.update(text, 0, text.length);
            byte[] hash = new byte[mac.getBlockSize()];
            mac.doFinal(hash, 0);
            return MessageDigest.isEqual(hash, Base64.getDecoder().decode(parts[1]));
        } catch (Exception e) {
            // JSch declares it for a salt that no key can be made of: a broken line.
            return false;
        }
    }
}
