package dev.keyturn.sandbox;

import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A credential as Dromo stores it, secrets included; the API never shows those.
 *
 * @param id a UUID in lower case
 * @param authType PASSWORD or KEY
 * @param privateKey in OpenSSH's format, unencrypted; kept when the type changes, as Dromo can't clear it
 */
public record DromoCredential(
        String id,
        String hostname,
        int port,
        String user,
        String authType,
        @Nullable String password,
        @Nullable String privateKey) {

    static final String KEY = "KEY";
    static final String PASSWORD = "PASSWORD";

    public static DromoCredential ofPassword(String hostname, int port, String user, String password) {
        return new DromoCredential(newId(), hostname, port, user, PASSWORD, password, null);
    }

    public static DromoCredential ofKey(String hostname, int port, String user, String privateKey) {
        return new DromoCredential(newId(), hostname, port, user, KEY, null, privateKey);
    }

    public DromoCredential withId(String other) {
        return new DromoCredential(other, hostname, port, user, authType, password, privateKey);
    }

    static String newId() {
        return UUID.randomUUID().toString();
    }

    /** Null for a password. */
    public @Nullable String keyFingerprint() {
        return KEY.equals(authType) && privateKey != null ? OpensshPrivateKey.fingerprint(privateKey) : null;
    }

    /** The public half as it stands in authorized_keys, in base64; null for a password. */
    public @Nullable String publicKey() {
        return KEY.equals(authType) && privateKey != null
                ? Base64.getEncoder().encodeToString(OpensshPrivateKey.publicBlob(privateKey))
                : null;
    }

    /** What the API shows. */
    Map<String, @Nullable Object> shown() {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("id", id);
        fields.put("hostname", hostname);
        fields.put("port", port);
        fields.put("user", user);
        fields.put("auth_type", authType);
        fields.put("key_fingerprint", keyFingerprint());
        return fields;
    }

    @Override
    public String toString() {
        return "DromoCredential" + shown();
    }
}
