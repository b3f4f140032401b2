package dev.keyturn.notify;

import dev.keyturn.rotation.Notice;
import dev.keyturn.secret.SecretSource;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Whom to tell what, and how often.
 *
 * @param after so many notices of {@code every} go to a channel one by one, the others as one digest
 * @param repeat how soon a fact that goes on is told again
 */
public record NotifySettings(List<Webhook> webhooks, List<Mail> mail, int after, Duration every, Duration repeat) {
    public NotifySettings {
        webhooks = List.copyOf(webhooks);
        mail = List.copyOf(mail);
    }

    /**
     * @param name for messages, such as {@code notify.webhooks[0]}
     * @param url https, or http to a loopback address; may be a secret itself
     * @param key signs each request; {@code whsec_} and base64, as Standard Webhooks has it
     * @param caFile certificate authorities in PEM, instead of those of the JVM
     * @param proxy an HTTP proxy
     * @param timeout for each attempt
     */
    public record Webhook(
            String name,
            SecretSource url,
            Optional<SecretSource> key,
            Set<Notice.Kind> events,
            BodyFormat format,
            Optional<Path> caFile,
            Optional<URI> proxy,
            Duration timeout) {
        public Webhook {
            events = Set.copyOf(events);
        }
    }

    /**
     * @param name for messages, such as {@code notify.email[0]}
     * @param timeout for each attempt, from the connection to the server's last answer
     */
    public record Mail(
            String name, Smtp smtp, String from, List<String> to, Set<Notice.Kind> events, Duration timeout) {
        public Mail {
            to = List.copyOf(to);
            events = Set.copyOf(events);
        }
    }

    /** @param login empty where the server wants none */
    public record Smtp(String host, int port, Encryption encryption, Optional<Login> login, Optional<Path> caFile) {}

    /** Whom to log in as. */
    public record Login(String user, SecretSource password) {}

    /** How a connection to a mail server is protected; with either of the first two its certificate has to be right. */
    public enum Encryption {
        /** Begins in clear text and goes on only if the server takes STARTTLS. */
        STARTTLS,
        /** TLS from the first byte (RFC 8314). */
        IMPLICIT,
        NONE
    }
}
