package dev.keyturn.sandbox;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Dromo without its faults: answers a request from what is stored.
 *
 * <p>Source: dromo-api.yaml among the test resources. What Dromo does not document (errors, paging parameters, slashes)
 * follows the habits of Django REST Framework.
 */
final class DromoApi {
    private final DromoRecords records;
    private final DromoLogin login;
    private final String licenseKey;
    private final int pageSize;
    private final String scheme;

    DromoApi(DromoRecords records, DromoLogin login, String licenseKey, int pageSize, String scheme) {
        this.records = records;
        this.login = login;
        this.licenseKey = licenseKey;
        this.pageSize = pageSize;
        this.scheme = scheme;
    }

    HttpAnswer answer(DromoRequest request) {
        if (!request.path().endsWith("/") && DromoCall.servesAt(request.path() + "/")) {
            // Django's APPEND_SLASH. A client that follows it turns its PUT into a GET.
            String query = request.query().isEmpty() ? "" : "?" + request.query();
            return HttpAnswer.text(301, "text/html; charset=utf-8", "")
                    .withHeader("Location", request.path() + "/" + query);
        }
        if (!DromoCall.servesAt(request.path())) {
            return notFound();
        }
        String offered = request.licenseKey();
        if (offered == null) {
            return detail(401, "Authentication credentials were not provided.");
        }
        if (!offered.equals(licenseKey)) {
            return detail(403, "Invalid license key.");
        }
        return switch (request.call()) {
            case LIST ->
                page(
                        request,
                        records.credentials().stream()
                                .map(DromoCredential::shown)
                                .toList());
            case CONNECTORS ->
                page(
                        request,
                        records.connectors().stream().map(DromoConnector::shown).toList());
            case CREATE -> write(request, null);
            case RETRIEVE, PUT, DELETE, TEST_CONNECTION -> one(request);
            case ANY -> detail(405, "Method \"" + request.method() + "\" not allowed.");
        };
    }

    private HttpAnswer one(DromoRequest request) {
        DromoCredential stored = records.credential(normalised(request.credentialId()));
        if (stored == null) {
            return notFound();
        }
        return switch (request.call()) {
            case PUT -> write(request, stored);
            case DELETE -> {
                records.remove(stored.id());
                yield new HttpAnswer(204, Map.of(), new byte[0], Delivery.whole());
            }
            case TEST_CONNECTION -> tested(login.tryOut(stored, records.directories(stored.id())));
            default -> HttpAnswer.json(200, stored.shown());
        };
    }

    static HttpAnswer tested(@Nullable String error) {
        Map<String, @Nullable Object> result = new LinkedHashMap<>();
        result.put("success", error == null);
        result.put("error", error);
        return HttpAnswer.json(200, result);
    }

    private HttpAnswer write(DromoRequest request, @Nullable DromoCredential stored) {
        Object body;
        try {
            body = Json.parse(request.body());
        } catch (IllegalArgumentException e) {
            return detail(400, "JSON parse error - " + e.getMessage());
        }
        if (!(body instanceof Map<?, ?> fields)) {
            return HttpAnswer.json(400, Map.of("non_field_errors", List.of("Invalid data. Expected a dictionary.")));
        }
        DromoForm form = new DromoForm(fields);
        DromoCredential credential = form.read(stored == null ? DromoCredential.newId() : stored.id(), stored);
        if (!form.errors().isEmpty()) {
            return HttpAnswer.json(400, form.errors());
        }
        records.store(credential);
        return HttpAnswer.json(stored == null ? 201 : 200, credential.shown());
    }

    private HttpAnswer page(DromoRequest request, List<?> all) {
        int pages = Math.max(1, (all.size() + pageSize - 1) / pageSize);
        int page = pageNumber(request.query());
        if (page < 1 || page > pages) {
            return detail(404, "Invalid page.");
        }
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("count", all.size());
        body.put("next", page < pages ? pageUrl(request, page + 1) : null);
        body.put("previous", page > 1 ? pageUrl(request, page - 1) : null);
        body.put("results", all.subList((page - 1) * pageSize, Math.min(all.size(), page * pageSize)));
        return HttpAnswer.json(200, body);
    }

    private String pageUrl(DromoRequest request, int page) {
        String url = scheme + "://" + request.headers().getOrDefault("host", "127.0.0.1") + request.path();
        return page == 1 ? url : url + "?page=" + page;
    }

    /** 1 where the query names none, 0 where it names nonsense. */
    private static int pageNumber(String query) {
        for (String parameter : query.split("&")) {
            if (parameter.startsWith("page=")) {
                String number = parameter.substring("page=".length());
                return number.matches("[0-9]{1,6}") ? Integer.parseInt(number) : 0;
            }
        }
        return 1;
    }

    private static String normalised(String id) {
        try {
            return UUID.fromString(id).toString();
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    private static HttpAnswer notFound() {
        return detail(404, "Not found.");
    }

    private static HttpAnswer detail(int status, String text) {
        return HttpAnswer.json(status, Map.of("detail", text));
    }
}
