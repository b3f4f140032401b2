package dev.keyturn.sandbox;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads what a client wants stored and collects what is wrong with it, in the words of Django REST Framework. */
final class DromoForm {
    private final Map<?, ?> fields;
    private final Map<String, List<String>> errors = new LinkedHashMap<>();

    DromoForm(Map<?, ?> fields) {
        this.fields = fields;
    }

    /** By field; empty where nothing is wrong. */
    Map<String, List<String>> errors() {
        return errors;
    }

    /** The credential to store; of use only where there are no {@link #errors}. */
    DromoCredential read(String id, @Nullable DromoCredential stored) {
        String hostname = text("hostname");
        int port = port();
        String user = text("user");
        String authType = text("auth_type");
        if (!authType.isEmpty()
                && !authType.equals(DromoCredential.KEY)
                && !authType.equals(DromoCredential.PASSWORD)) {
            wrong("auth_type", "\"" + authType + "\" is not a valid choice.");
        }
        String password = secret("password", stored == null ? null : stored.password());
        String privateKey = secret("private_key", stored == null ? null : stored.privateKey());
        if (privateKey != null) {
            checkKey(privateKey);
        }
        if (authType.equals(DromoCredential.KEY) && privateKey == null) {
            wrong("private_key", "This field is required.");
        }
        if (authType.equals(DromoCredential.PASSWORD) && password == null) {
            wrong("password", "This field is required.");
        }
        return new DromoCredential(id, hostname, port, user, authType, password, privateKey);
    }

    private void checkKey(String privateKey) {
        try {
            OpensshPrivateKey.fingerprint(privateKey);
        } catch (IllegalArgumentException e) {
            wrong("private_key", "Invalid private key.");
        }
    }

    private String text(String name) {
        if (!fields.containsKey(name)) {
            wrong(name, "This field is required.");
        } else if (fields.get(name) == null) {
            wrong(name, "This field may not be null.");
        } else if (!(fields.get(name) instanceof String text)) {
            wrong(name, "Not a valid string.");
        } else if (text.isBlank()) {
            wrong(name, "This field may not be blank.");
        } else {
            return text;
        }
        return "";
    }

    private int port() {
        if (!fields.containsKey("port")) {
            wrong("port", "This field is required.");
        } else if (!(fields.get("port") instanceof Integer port)) {
            wrong("port", "A valid integer is required.");
        } else if (port < 1) {
            wrong("port", "Ensure this value is greater than or equal to 1.");
        } else if (port > 65535) {
            wrong("port", "Ensure this value is less than or equal to 65535.");
        } else {
            return port;
        }
        return 0;
    }

    /** Omitted or empty means: keep what is stored. */
    private @Nullable String secret(String name, @Nullable String stored) {
        if (!fields.containsKey(name)) {
            return stored;
        }
        Object value = fields.get(name);
        if (value instanceof String text) {
            return text.isEmpty() ? stored : text;
        }
        wrong(name, value == null ? "This field may not be null." : "Not a valid string.");
        return null;
    }

    private void wrong(String field, String message) {
        errors.computeIfAbsent(field, name -> new ArrayList<>()).add(message);
    }
}
