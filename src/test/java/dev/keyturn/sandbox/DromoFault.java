package dev.keyturn.sandbox;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Something that goes wrong with one call. Faults nest: each stands around the next, and around the honest answer.
 *
 * <p>"Before" means before the change is applied: it is not. "After" means that the change is applied and only the answer
 * suffers, which a client can't tell from the other without asking again.
 */
@FunctionalInterface
public interface DromoFault {

    HttpAnswer around(DromoExchange exchange);

    // --- instead of an answer ---

    static DromoFault timeoutBefore() {
        return exchange -> nothing(Delivery.silence());
    }

    static DromoFault timeoutAfter() {
        return delivered(Delivery.silence());
    }

    static DromoFault resetBefore() {
        return exchange -> nothing(Delivery.reset());
    }

    static DromoFault resetAfter() {
        return delivered(Delivery.reset());
    }

    // --- another status ---

    /** Answers with this and changes nothing. */
    static DromoFault status(int status, Map<String, String> headers, String body) {
        return exchange -> answer(status, headers, body);
    }

    /** Changes what was asked and then answers with this. */
    static DromoFault statusAfter(int status, Map<String, String> headers, String body) {
        return exchange -> {
            exchange.proceed();
            return answer(status, headers, body);
        };
    }

    /** An error of Dromo's own, with an explanation. */
    static DromoFault refusal(int status, String detail) {
        return status(status, JSON, Json.print(Map.of("detail", detail)));
    }

    static DromoFault html502() {
        return status(502, Map.of("Content-Type", "text/html"), HTML_502);
    }

    static DromoFault html502After() {
        return statusAfter(502, Map.of("Content-Type", "text/html"), HTML_502);
    }

    /** 429 without Retry-After. */
    static DromoFault tooManyRequests() {
        return status(429, JSON, "{\"detail\":\"Request was throttled.\"}");
    }

    /** 429 with Retry-After, in whole seconds. */
    static DromoFault tooManyRequests(Duration retryAfter) {
        return exchange -> tooManyRequests().around(exchange).withHeader("Retry-After", "" + retryAfter.toSeconds());
    }

    static DromoFault redirect(int status, String location) {
        return status(status, Map.of("Location", location), "");
    }

    // --- a damaged answer to a call that was carried out ---

    /** Announces the whole body and sends half. */
    static DromoFault truncatedBody() {
        return delivered(Delivery.cutShort());
    }

    /** Valid JSON with this much white space before it. */
    static DromoFault oversizedBody(int bytes) {
        return body(body -> " ".repeat(bytes) + body);
    }

    static DromoFault emptyBody() {
        return body(body -> "");
    }

    static DromoFault notJson() {
        return body(body -> "<html><body>It works!</body></html>");
    }

    /** A list where an object is expected. */
    static DromoFault wrongTypedBody() {
        return body(body -> "[" + body + "]");
    }

    static DromoFault slowBytes(Duration pauseAfterEach) {
        return delivered(Delivery.slowly(pauseAfterEach));
    }

    /** Takes this long before it does anything. */
    static DromoFault slowStart(Duration delay) {
        return exchange -> {
            HttpAnswer answer = exchange.proceed();
            return answer.with((wire, head, body) -> {
                wire.pause(delay);
                return answer.delivery().send(wire, head, body);
            });
        };
    }

    // --- a lie about a credential ---

    /** Sets a field of the answer, or of each result in a list. */
    static DromoFault field(String name, @Nullable Object value) {
        return credentials(fields -> fields.put(name, value));
    }

    static DromoFault withoutField(String name) {
        return credentials(fields -> fields.remove(name));
    }

    static DromoFault wrongFingerprint() {
        return field("key_fingerprint", "SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU");
    }

    static DromoFault missingFingerprint() {
        return withoutField("key_fingerprint");
    }

    /** The right fingerprint, with base64's padding. */
    static DromoFault paddedFingerprint() {
        return credentials(fields -> fields.computeIfPresent("key_fingerprint", (name, value) -> value + "="));
    }

    static DromoFault wrongUser() {
        return field("user", "somebody-else");
    }

    /** Calls a key a password, and a password a key. */
    static DromoFault wrongAuthType() {
        return credentials(fields -> fields.computeIfPresent(
                "auth_type",
                (name, value) -> value.equals(DromoCredential.KEY) ? DromoCredential.PASSWORD : DromoCredential.KEY));
    }

    /** The credential as it was before its last change, like a replica that lags. */
    static DromoFault staleRead() {
        return exchange -> {
            DromoCredential before = exchange.before();
            return before == null ? exchange.proceed() : HttpAnswer.json(200, before.shown());
        };
    }

    /** Answers as though the change had been stored, and forgets it. */
    static DromoFault lostWrite() {
        return exchange -> {
            DromoCredential before = exchange.stored();
            HttpAnswer answer = exchange.proceed();
            if (before != null) {
                exchange.store(before);
            }
            return answer;
        };
    }

    // --- test_connection ---

    static DromoFault testFails(String error) {
        return exchange -> DromoApi.tested(error);
    }

    /** Says success without a login. */
    static DromoFault testLies() {
        return exchange -> DromoApi.tested(null);
    }

    // --- the material they are made of ---

    Map<String, String> JSON = Map.of("Content-Type", "application/json");
    String HTML_502 = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n"
            + "<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n";

    static DromoFault delivered(Delivery delivery) {
        return exchange -> exchange.proceed().with(delivery);
    }

    static DromoFault body(UnaryOperator<String> change) {
        return exchange -> {
            HttpAnswer answer = exchange.proceed();
            String body = new String(answer.body(), StandardCharsets.UTF_8);
            return answer.withBody(change.apply(body).getBytes(StandardCharsets.UTF_8));
        };
    }

    static DromoFault credentials(Consumer<Map<Object, @Nullable Object>> change) {
        return body(body -> {
            if (!(Json.parse(body) instanceof Map<?, ?> answer)) {
                return body;
            }
            Map<Object, @Nullable Object> changed = new LinkedHashMap<>(answer);
            if (changed.get("results") instanceof List<?> results) {
                changed.put(
                        "results",
                        results.stream().map(one -> changed(one, change)).toList());
            } else {
                change.accept(changed);
            }
            return Json.print(changed);
        });
    }

    private static Object changed(Object result, Consumer<Map<Object, @Nullable Object>> change) {
        Map<Object, @Nullable Object> copy = new LinkedHashMap<>((Map<?, ?>) result);
        change.accept(copy);
        return copy;
    }

    private static HttpAnswer answer(int status, Map<String, String> headers, String body) {
        return new HttpAnswer(status, new HashMap<>(headers), body.getBytes(StandardCharsets.UTF_8), Delivery.whole());
    }

    private static HttpAnswer nothing(Delivery delivery) {
        return new HttpAnswer(500, Map.of(), new byte[0], delivery);
    }
}
