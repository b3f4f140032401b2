package dev.keyturn.sandbox;

import java.util.regex.Pattern;

/** The operations of the API, for the rules of {@link DromoFaults} and the journal. */
public enum DromoCall {
    LIST("GET", "/credentials/"),
    CREATE("POST", "/credentials/"),
    RETRIEVE("GET", "/credentials/[^/]+/"),
    PUT("PUT", "/credentials/[^/]+/"),
    DELETE("DELETE", "/credentials/[^/]+/"),
    TEST_CONNECTION("POST", "/credentials/[^/]+/test_connection/"),
    CONNECTORS("GET", "/connectors/"),
    /** Whatever else was asked. In a rule it stands for every call. */
    ANY("", "");

    static final String ROOT = "/api/v1/headless/sftp";

    private final String method;
    private final Pattern path;

    DromoCall(String method, String path) {
        this.method = method;
        this.path = Pattern.compile(ROOT + path);
    }

    static DromoCall of(String method, String path) {
        for (DromoCall call : values()) {
            if (call.method.equals(method) && call.path.matcher(path).matches()) {
                return call;
            }
        }
        return ANY;
    }

    boolean covers(DromoCall call) {
        return this == ANY || this == call;
    }

    /** Whether some method is served at this path. */
    static boolean servesAt(String path) {
        for (DromoCall call : values()) {
            if (call != ANY && call.path.matcher(path).matches()) {
                return true;
            }
        }
        return false;
    }
}
