package dev.keyturn.rotation;

import dev.keyturn.secret.PublicKey;
import java.util.List;

/**
 * The keys that an account's authorized_keys file lets in.
 *
 * @param path as the account's SFTP session sees it
 * @param entries in the order of the file; comments, blank lines and what sshd passes over are left out
 */
public record KeyFile(String path, List<Entry> entries) {
    /** What stands before the credential's name in the comment of each key that is written here. */
    public static final String OURS = "keyturn:";

    public KeyFile {
        entries = List.copyOf(entries);
    }

    /**
     * One key.
     *
     * @param line its number, from 1
     * @param comment what stands after the key; may be empty
     */
    public record Entry(int line, PublicKey key, String comment) {
        boolean looksLikeOurs() {
            return comment.startsWith(OURS);
        }
    }

    boolean has(PublicKey key) {
        return entries.stream().anyMatch(entry -> entry.key().equals(key));
    }
}
