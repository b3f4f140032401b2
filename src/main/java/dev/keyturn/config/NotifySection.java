package dev.keyturn.config;

import dev.keyturn.rotation.Notice;
import dev.keyturn.secret.SecretSource;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Who is told what; nobody where both lists are empty.
 *
 * @param repeat how soon a fact that goes on is told again
 */
public record NotifySection(List<Webhook> webhooks, List<Email> email, Digest digest, Duration repeat) {
    static final Keys KEYS = Keys.of(
            "webhooks", "[{url: \"https://siem.example/keyturn\", secret: {credential: webhook-key}}]",
            "email", "[{smtp: {host: mail.example}, from: keyturn@example.com, to: [secops@example.com]}]",
            "digest", "{after: 5, every: 15m}",
            "repeat", "24h");
    static final NotifySection NOBODY = new NotifySection(List.of(), List.of(), Digest.DEFAULT, Duration.ofHours(24));

    public NotifySection {
        webhooks = List.copyOf(webhooks);
        email = List.copyOf(email);
    }

    /**
     * @param url the address, which need not be a secret
     * @param secret signs each request
     * @param timeout for each attempt
     */
    public record Webhook(
            SecretSource url,
            Optional<SecretSource> secret,
            Set<Notice.Kind> events,
            Format format,
            Optional<Path> caFile,
            Optional<URI> proxy,
            Duration timeout) {
        static final Keys KEYS = Keys.of(
                "url", "{credential: slack-webhook}",
                "secret", "{credential: webhook-key}",
                "events", "[failed, drift, overdue]",
                "format", "slack",
                "ca_file", "/etc/keyturn/ca.pem",
                "proxy", "http://proxy.example:3128",
                "timeout", "10s");
    }

    /** The shape of a webhook's body. */
    public enum Format {
        JSON,
        SLACK,
        TEAMS
    }

    /** @param timeout for each attempt */
    public record Email(Smtp smtp, String from, List<String> to, Set<Notice.Kind> events, Duration timeout) {
        static final Keys KEYS = Keys.of(
                "smtp", "{host: mail.example, port: 587}",
                "from", "keyturn@example.com",
                "to", "[secops@example.com]",
                "events", "[failed, overdue]",
                "timeout", "30s");
    }

    /** @param login empty where the server wants none */
    public record Smtp(String host, int port, Tls tls, Optional<Login> login, Optional<Path> caFile) {
        static final Keys KEYS = Keys.of(
                "host", "mail.example",
                "port", "587",
                "tls", "starttls",
                "user", "keyturn",
                "password", "{credential: smtp-password}",
                "ca_file", "/etc/keyturn/ca.pem");
    }

    /** Whom to log in to the mail server as. */
    public record Login(String user, SecretSource password) {}

    /** How the connection to a mail server is protected. */
    public enum Tls {
        STARTTLS,
        IMPLICIT,
        NONE
    }

    /**
     * @param after so many notices in {@code every} go out one by one, the others together
     */
    public record Digest(int after, Duration every) {
        static final Keys KEYS = Keys.of("after", "5", "every", "15m");
        static final Digest DEFAULT = new Digest(5, Duration.ofMinutes(15));
    }
}
