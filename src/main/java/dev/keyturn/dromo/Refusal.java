package dev.keyturn.dromo;

import dev.keyturn.rotation.DromoException;
import dev.keyturn.rotation.DromoException.Fault;
import dev.keyturn.secret.Masking;
import java.net.URI;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Turns an answer that isn't a success into what it means. */
final class Refusal {
    private static final Duration LONGEST_RETRY_AFTER = Duration.ofDays(1);

    private final Request request;
    private final Answer answer;
    private final Masking masking;
    private final Clock clock;

    Refusal(Request request, Answer answer, Masking masking, Clock clock) {
        this.request = request;
        this.answer = answer;
        this.masking = masking;
        this.clock = clock;
    }

    DromoException exception() {
        int status = answer.status();
        return new DromoException(fault(status), message(status), retryAfter().orElse(null), null);
    }

    private static Fault fault(int status) {
        return switch (status) {
            case 401, 403 -> Fault.LICENSE_KEY_REFUSED;
            case 404 -> Fault.NOT_FOUND;
            case 407 -> Fault.NOT_SENT;
            case 408 -> Fault.NO_ANSWER;
            case 429 -> Fault.RATE_LIMITED;
            default ->
                switch (status / 100) {
                    case 3 -> Fault.REDIRECTED;
                    case 4 -> Fault.REJECTED;
                    case 5 -> Fault.SERVER_ERROR;
                    default -> Fault.MALFORMED_ANSWER;
                };
        };
    }

    private String message(int status) {
        String message = request + ": "
                + switch (status) {
                    case 407 -> "the proxy demands a login, which isn't supported (407)";
                    default -> "Dromo answered " + status;
                };
        if (status / 100 == 3) {
            return message + answer.headers().location().map(this::target).orElse(" without a target");
        }
        String said = said();
        if (!said.isEmpty()) {
            return message + ": " + said;
        }
        return answer.headers().contentType().isEmpty()
                ? message
                : message + " (" + answer.headers().contentType() + ")";
    }

    /** Origin only: path and query of a redirect may carry tokens. */
    private String target(String location) {
        try {
            return Origin.of(request.uri().resolve(URI.create(location)))
                    .map(origin -> ", a redirect to " + Words.clean(origin.toString()))
                    .orElse(", a redirect to something that is no http or https URL");
        } catch (IllegalArgumentException e) {
            return ", a redirect to something that is no URL";
        }
    }

    /** Dromo's words, without what they may quote of a secret. */
    private String said() {
        try {
            List<String> words = new ArrayList<>();
            gather("", Json.parse(answer.body()), words);
            return Words.clean(String.join("; ", words), masking);
        } catch (MalformedAnswerException e) {
            // Usually HTML from something in front of Dromo, which would fill the message with tags.
            return "";
        }
    }

    private static void gather(String field, @Nullable Object said, List<String> words) {
        if (said instanceof Map<?, ?> fields) {
            fields.forEach((name, value) -> {
                boolean plain = name.equals("detail") || name.equals("non_field_errors");
                String inner = plain ? field : field.isEmpty() ? "" + name : field + "." + name;
                gather(inner, value, words);
            });
        } else if (said instanceof List<?> several) {
            several.forEach(one -> gather(field, one, words));
        } else if (said != null) {
            words.add(field.isEmpty() ? said.toString() : field + ": " + said);
        }
    }

    private Optional<Duration> retryAfter() {
        return answer.headers().retryAfter().flatMap(this::duration).map(asked -> {
            Duration future = asked.isNegative() ? Duration.ZERO : asked;
            return future.compareTo(LONGEST_RETRY_AFTER) > 0 ? LONGEST_RETRY_AFTER : future;
        });
    }

    /** RFC 9110, section 10.2.3: seconds, or a date. */
    private Optional<Duration> duration(String text) {
        String value = text.trim();
        if (value.matches("[0-9]{1,9}")) {
            return Optional.of(Duration.ofSeconds(Long.parseLong(value)));
        }
        try {
            ZonedDateTime date = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME);
            return Optional.of(Duration.between(clock.instant(), date.toInstant()));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
