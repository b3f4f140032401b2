package dev.keyturn.dromo;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP request, without the license key.
 *
 * @param body of a PUT; belongs to the caller, who wipes it
 */
record Request(String method, URI uri, @Nullable PutBody body) {
    /** For messages: method and path, with the query that tells one page from the other. */
    @Override
    public String toString() {
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        return method + " " + Words.clean(uri.getRawPath() + query);
    }
}
