package dev.keyturn.ssh;

import com.jcraft.jsch.HostKey;
import com.jcraft.jsch.HostKeyRepository;
import com.jcraft.jsch.UserInfo;
import dev.keyturn.secret.Fingerprint;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Trusts the one host key that has the pinned fingerprint, and remembers which keys the host has shown instead. */
final class PinnedHostKey implements HostKeyRepository {
    private final Fingerprint pinned;
    private final Map<String, Fingerprint> others = new LinkedHashMap<>();
    private String matchedType = "";

    PinnedHostKey(Fingerprint pinned) {
        this.pinned = pinned;
    }

    /** The types of the keys that had another fingerprint. */
    Set<String> typesSeen() {
        return others.keySet();
    }

    /** The keys that had another fingerprint, for a message. */
    String seen() {
        return String.join(
                ", ",
                others.entrySet().stream()
                        .map(entry -> entry.getValue() + " (" + entry.getKey() + ")")
                        .toList());
    }

    /** The type of the key that matched; empty before one has. */
    String matchedType() {
        return matchedType;
    }

    @Override
    public int check(String host, byte[] key) {
        String type = WireFormat.firstString(key)
                .map(name -> new String(name, StandardCharsets.US_ASCII))
                .orElse("?");
        Fingerprint shown = Fingerprint.ofBlob(key);
        if (shown.equals(pinned)) {
            matchedType = type;
            return OK;
        }
        others.put(type, shown);
        return CHANGED;
    }

    @Override
    public void add(HostKey hostkey, UserInfo ui) {
        throw new IllegalStateException("a host key is never trusted on first use");
    }

    @Override
    public void remove(String host, String type) {
        throw new IllegalStateException("a host key is never forgotten");
    }

    @Override
    public void remove(String host, String type, byte[] key) {
        throw new IllegalStateException("a host key is never forgotten");
    }

    @Override
    public String getKnownHostsRepositoryID() {
        return "host_key";
    }

    @Override
    public HostKey[] getHostKey() {
        return new HostKey[0];
    }

    @Override
    public HostKey[] getHostKey(String host, String type) {
        return new HostKey[0];
    }
}
