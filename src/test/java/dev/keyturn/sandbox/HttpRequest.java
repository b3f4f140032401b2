package dev.keyturn.sandbox;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request as it arrived.
 *
 * @param path without the query
 * @param query without the question mark; empty where there is none
 * @param headers by name in lower case
 */
record HttpRequest(String method, String path, String query, Map<String, String> headers, byte[] body) {

    @Nullable
    String header(String name) {
        return headers.get(name);
    }
}
