package dev.keyturn.bench;

import dev.keyturn.realhost.Account;
import dev.keyturn.realhost.KeyFiles;
import dev.keyturn.realhost.RealSshd;
import dev.keyturn.sandbox.DromoCredential;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** One account of the fleet, what Dromo calls it, and the key it has before a run. */
record Member(String name, String dromoId, KeyFiles key) {

    private static final String OPTIONS = "no-port-forwarding,no-agent-forwarding ";
    private static final String COMMENT = "# Keys of this account; ask the data team before you touch them.";
    private static final String COLLEAGUE =
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl colleague@example.org";

    /** The account's authorized_keys before a run: the key's line, with options, between two that shall stay. */
    List<String> linesBefore() {
        return List.of(COMMENT, OPTIONS + key.publicLine(), COLLEAGUE);
    }

    void reset(Account account) {
        account.setKeys(linesBefore().toArray(String[]::new));
    }

    DromoCredential dromoBefore(RealSshd sshd) {
        String privateKey = new String(key.privateKey(), StandardCharsets.UTF_8);
        return DromoCredential.ofKey(sshd.host(), sshd.port(), name, privateKey).withId(dromoId);
    }

    /** Whether {@code lines} are those of before, but for another key in the middle one. */
    boolean isRotated(List<String> lines) {
        return lines.size() == 3
                && lines.get(0).equals(COMMENT)
                && lines.get(1).startsWith(OPTIONS + "ssh-ed25519 ")
                && !lines.get(1).contains(blob(key.publicLine()))
                && lines.get(2).equals(COLLEAGUE);
    }

    /** The base64 of the one key in a line that begins with this account's options. */
    static String newBlob(List<String> lines) {
        return blob(lines.get(1).substring(OPTIONS.length()));
    }

    private static String blob(String publicLine) {
        return publicLine.split(" ")[1];
    }
}
