package dev.keyturn.ssh;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which host key algorithms to propose when a pinned fingerprint says nothing of the key's type. A host shows one of its
 * keys only, the first type it shares with the proposal; to see the others, that type is left out of the next proposal.
 */
final class HostKeyAlgorithms {
    /** Each key type with the signature algorithms it goes with, cheap ones first. */
    private static final Map<String, String> BY_TYPE = new LinkedHashMap<>();

    static {
        BY_TYPE.put("ssh-ed25519", "ssh-ed25519");
        BY_TYPE.put("ecdsa-sha2-nistp256", "ecdsa-sha2-nistp256");
        BY_TYPE.put("ecdsa-sha2-nistp384", "ecdsa-sha2-nistp384");
        BY_TYPE.put("ecdsa-sha2-nistp521", "ecdsa-sha2-nistp521");
        BY_TYPE.put("ssh-rsa", "rsa-sha2-512,rsa-sha2-256");
    }

    private HostKeyAlgorithms() {}

    /**
     * @param first the type to ask for first; one that is not known has no effect
     * @param without types the host has shown already
     * @return the value of {@code server_host_key}; empty where no type is left
     */
    static String proposal(String first, Set<String> without) {
        List<String> algorithms = new ArrayList<>();
        BY_TYPE.forEach((type, names) -> {
            if (!without.contains(type)) {
                algorithms.add(type.equals(first) ? 0 : algorithms.size(), names);
            }
        });
        return String.join(",", algorithms);
    }
}
