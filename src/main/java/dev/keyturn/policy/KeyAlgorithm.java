package dev.keyturn.policy;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The SSH key algorithms a policy can ask for, by their names in the configuration. */
public enum KeyAlgorithm {
    ED25519("ed25519", "ssh-ed25519"),
    ECDSA_256("ecdsa-256", "ecdsa-sha2-nistp256"),
    ECDSA_384("ecdsa-384", "ecdsa-sha2-nistp384"),
    ECDSA_521("ecdsa-521", "ecdsa-sha2-nistp521"),
    RSA_3072("rsa-3072", "ssh-rsa"),
    RSA_4096("rsa-4096", "ssh-rsa");

    private final String configName;
    private final String keyType;

    KeyAlgorithm(String configName, String keyType) {
        this.configName = configName;
        this.keyType = keyType;
    }

    public String configName() {
        return configName;
    }

    /** The public key's type on the wire, e.g. {@code ssh-ed25519}. */
    public String keyType() {
        return keyType;
    }

    public static Optional<KeyAlgorithm> named(String configName) {
        return Arrays.stream(values())
                .filter(a -> a.configName.equals(configName))
                .findFirst();
    }

    public static List<String> names() {
        return Arrays.stream(values()).map(KeyAlgorithm::configName).toList();
    }
}
