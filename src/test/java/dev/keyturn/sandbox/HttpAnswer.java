package dev.keyturn.sandbox;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An answer, and how it is put on the wire.
 *
 * @param headers besides Content-Length, which is always the length of {@code body}
 */
public record HttpAnswer(int status, Map<String, String> headers, byte[] body, Delivery delivery) {

    static HttpAnswer json(int status, Object value) {
        return text(status, "application/json", Json.print(value));
    }

    static HttpAnswer text(int status, String contentType, String body) {
        return new HttpAnswer(
                status, Map.of("Content-Type", contentType), body.getBytes(StandardCharsets.UTF_8), Delivery.whole());
    }

    HttpAnswer with(Delivery other) {
        return new HttpAnswer(status, headers, body, other);
    }

    HttpAnswer withBody(byte[] other) {
        return new HttpAnswer(status, headers, other, delivery);
    }

    HttpAnswer withHeader(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new HttpAnswer(status, more, body, delivery);
    }
}
