package dev.keyturn.sandbox;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** dromo-api.yaml, and a check of answers against it. Knows as much of OpenAPI as that file uses. */
final class ApiDescription {
    private final Map<?, ?> root;

    private ApiDescription(Map<?, ?> root) {
        this.root = root;
    }

    static ApiDescription load() throws IOException {
        try (InputStream in = ApiDescription.class.getResourceAsStream("/dromo-api.yaml")) {
            return new ApiDescription(
                    (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromInputStream(in));
        }
    }

    /** Each operation by its id: method, path below {@code /api/v1} and the statuses it documents. */
    record Operation(String id, String method, String path, Map<?, ?> responses) {}

    Map<String, Operation> operations() {
        Map<String, Operation> operations = new LinkedHashMap<>();
        ((Map<?, ?>) root.get("paths"))
                .forEach((path, methods) -> ((Map<?, ?>) methods).forEach((method, value) -> {
                    if (value instanceof Map<?, ?> operation && operation.get("operationId") instanceof String id) {
                        operations.put(
                                id, new Operation(id, method.toString().toUpperCase(Locale.ROOT), path.toString(), (Map<
                                                ?, ?>)
                                        operation.get("responses")));
                    }
                }));
        return operations;
    }

    /** What is wrong with an answer; empty where it is as described. */
    List<String> problems(Operation operation, int status, String body) {
        if (!(operation.responses().get("" + status) instanceof Map<?, ?> response)) {
            return List.of("status " + status + " is not described");
        }
        List<String> problems = new ArrayList<>();
        if (response.get("content") instanceof Map<?, ?> content) {
            Map<?, ?> json = (Map<?, ?>) content.get("application/json");
            check("", (Map<?, ?>) json.get("schema"), Json.parse(body), problems);
        } else if (operation.method().equals("DELETE") && !body.isEmpty()) {
            problems.add("a body where none is described");
        }
        return problems;
    }

    private void check(String at, Map<?, ?> schema, @Nullable Object value, List<String> problems) {
        Map<?, ?> resolved = resolve(schema);
        Object type = resolved.get("type");
        List<?> types = type instanceof List<?> several ? several : List.of(type);
        if (types.stream().noneMatch(name -> isOf(name.toString(), value))) {
            problems.add(at + ": " + value + " is none of " + types);
            return;
        }
        if (resolved.get("enum") instanceof List<?> allowed && !allowed.contains(value)) {
            problems.add(at + ": " + value + " is none of " + allowed);
        }
        if ("uuid".equals(resolved.get("format")) && value != null && !isUuid(value)) {
            problems.add(at + ": " + value + " is no UUID");
        }
        if (value instanceof List<?> items && resolved.get("items") instanceof Map<?, ?> item) {
            for (int i = 0; i < items.size(); i++) {
                check(at + "[" + i + "]", item, items.get(i), problems);
            }
        }
        if (value instanceof Map<?, ?> fields && resolved.get("properties") instanceof Map<?, ?> properties) {
            checkFields(at, properties, fields, problems);
        }
    }

    /** Every described field has to be there, and no other; what can only be written must not be shown. */
    private void checkFields(String at, Map<?, ?> properties, Map<?, ?> fields, List<String> problems) {
        for (Object name : fields.keySet()) {
            if (!properties.containsKey(name)) {
                problems.add(at + "." + name + ": not described");
            }
        }
        properties.forEach((name, property) -> {
            Map<?, ?> schema = resolve((Map<?, ?>) property);
            if (Boolean.TRUE.equals(schema.get("writeOnly"))) {
                if (fields.containsKey(name)) {
                    problems.add(at + "." + name + ": may only be written");
                }
            } else if (!fields.containsKey(name)) {
                problems.add(at + "." + name + ": missing");
            } else {
                check(at + "." + name, schema, fields.get(name), problems);
            }
        });
    }

    private Map<?, ?> resolve(Map<?, ?> schema) {
        if (!(schema.get("$ref") instanceof String reference)) {
            return schema;
        }
        Map<?, ?> found = root;
        for (String name : reference.substring("#/".length()).split("/")) {
            found = (Map<?, ?>) found.get(name);
        }
        return found;
    }

    private static boolean isOf(String type, @Nullable Object value) {
        return switch (type) {
            case "object" -> value instanceof Map;
            case "array" -> value instanceof List;
            case "string" -> value instanceof String;
            case "integer" -> value instanceof Integer;
            case "boolean" -> value instanceof Boolean;
            case "null" -> value == null;
            default -> throw new IllegalArgumentException("unknown type " + type);
        };
    }

    private static boolean isUuid(Object value) {
        try {
            return UUID.fromString(value.toString()).toString().equals(value);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
