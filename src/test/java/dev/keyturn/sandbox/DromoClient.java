package dev.keyturn.sandbox;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;

/** Calls the stand-in with the JDK's HTTP client, which follows no redirects. */
final class DromoClient {
    private final HttpClient http = HttpClient.newHttpClient();
    private final String url;
    private final String licenseKey;

    DromoClient(DromoStandIn dromo) {
        this.url = dromo.url();
        this.licenseKey = dromo.licenseKey();
    }

    HttpResponse<String> call(String method, String path, String body) throws IOException {
        return send(request(method, path, body).header("X-Dromo-License-Key", licenseKey));
    }

    HttpResponse<String> get(String path) throws IOException {
        return call("GET", path, "");
    }

    HttpResponse<String> call(String method, String path, String body, Duration timeout) throws IOException {
        return send(request(method, path, body)
                .header("X-Dromo-License-Key", licenseKey)
                .timeout(timeout));
    }

    HttpResponse<String> callWith(String key, String path) throws IOException {
        return send(request("GET", path, "").header("X-Dromo-License-Key", key));
    }

    HttpResponse<String> callWithoutKey(String path) throws IOException {
        return send(request("GET", path, ""));
    }

    private HttpRequest.Builder request(String method, String path, String body) {
        return HttpRequest.newBuilder(URI.create(path.startsWith("http") ? path : url + path))
                .method(method, HttpRequest.BodyPublishers.ofString(body));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException {
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    static Map<?, ?> object(HttpResponse<String> response) {
        return (Map<?, ?>) Json.parse(response.body());
    }
}
