package dev.keyturn.sandbox;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An automated import.
 *
 * @param credentials the id of the credential it logs in with
 * @param everyMinutes how often it polls
 */
public record DromoConnector(
        String id,
        String credentials,
        String schema,
        int everyMinutes,
        String directory,
        @Nullable String fileRegex) {

    public static DromoConnector of(String credentials, String directory) {
        return new DromoConnector(DromoCredential.newId(), credentials, DromoCredential.newId(), 15, directory, null);
    }

    Map<String, @Nullable Object> shown() {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("id", id);
        fields.put("credentials", credentials);
        fields.put("schema", schema);
        fields.put("schedule", Map.of("type", "every_n_minutes", "minutes", everyMinutes));
        fields.put("directory", directory);
        fields.put("file_regex", fileRegex);
        return fields;
    }
}
