package dev.keyturn.config;

import dev.keyturn.config.NotifySection.Digest;
import dev.keyturn.config.NotifySection.Email;
import dev.keyturn.config.NotifySection.Format;
import dev.keyturn.config.NotifySection.Login;
import dev.keyturn.config.NotifySection.Smtp;
import dev.keyturn.config.NotifySection.Tls;
import dev.keyturn.config.NotifySection.Webhook;
import dev.keyturn.rotation.Notice;
import dev.keyturn.secret.SecretSource;
import dev.keyturn.tls.Loopback;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads {@code notify}. */
final class NotifyReader {
    private static final Pattern MAIL_ADDRESS =
            Pattern.compile("[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?");
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,252})|[0-9A-Fa-f:.]{2,45}");
    private static final Duration LONGEST = Duration.ofMinutes(5);

    private final References references;

    NotifyReader(References references) {
        this.references = references;
    }

    NotifySection read(Section section) {
        if (!section.has("webhooks") && !section.has("email")) {
            section.reject(
                    "tells nobody: it has neither 'webhooks' nor 'email'", NotifySection.KEYS.example("webhooks"));
        }
        return new NotifySection(
                section.value("webhooks").map(Value::items).orElse(List.of()).stream()
                        .flatMap(item -> webhook(item).stream())
                        .toList(),
                section.value("email").map(Value::items).orElse(List.of()).stream()
                        .flatMap(item -> email(item).stream())
                        .toList(),
                section.value("digest")
                        .flatMap(value -> value.section(Digest.KEYS))
                        .map(NotifyReader::digest)
                        .orElse(Digest.DEFAULT),
                section.value("repeat")
                        .flatMap(it -> it.duration(Duration.ofHours(1), Duration.ofDays(30)))
                        .orElse(NotifySection.NOBODY.repeat()));
    }

    private Optional<Webhook> webhook(Value value) {
        return value.section(Webhook.KEYS).flatMap(section -> {
            Optional<SecretSource> url = section.required("url").flatMap(this::address);
            Optional<SecretSource> secret = section.value("secret").flatMap(references::secret);
            Set<Notice.Kind> events = events(section);
            Format format = section.value("format")
                    .flatMap(it -> it.oneOf(words(Format.values())))
                    .map(name -> Format.valueOf(name.toUpperCase(Locale.ROOT)))
                    .orElse(Format.JSON);
            var caFile = section.value("ca_file").flatMap(references::path);
            var proxy = section.value("proxy").flatMap(it -> it.parsed(WebAddress::proxy));
            Duration timeout = timeout(section, Duration.ofSeconds(10));
            return url.map(it -> new Webhook(it, secret, events, format, caFile, proxy, timeout));
        });
    }

    /** Of a chat's address the path is a secret, of others it is none. */
    private Optional<SecretSource> address(Value value) {
        return value.isMapping()
                ? references.secret(value)
                : value.parsed(WebAddress::webhook).map(OpenAddress::new);
    }

    private Optional<Email> email(Value value) {
        return value.section(Email.KEYS).flatMap(section -> {
            Optional<Smtp> smtp = section.required("smtp")
                    .flatMap(it -> it.section(Smtp.KEYS))
                    .flatMap(this::smtp);
            Optional<String> from = section.required("from").flatMap(NotifyReader::mailAddress);
            List<String> to = section.required("to").map(Value::items).orElse(List.of()).stream()
                    .flatMap(item -> mailAddress(item).stream())
                    .toList();
            Set<Notice.Kind> events = events(section);
            Duration timeout = timeout(section, Duration.ofSeconds(30));
            return smtp.isPresent() && from.isPresent()
                    ? Optional.of(new Email(smtp.get(), from.get(), to, events, timeout))
                    : Optional.empty();
        });
    }

    private Optional<Smtp> smtp(Section section) {
        Optional<String> host = section.required("host")
                .flatMap(it -> it.parsed(text -> {
                    if (!HOST.matcher(text).matches()) {
                        throw new IllegalArgumentException(Problems.quote(text) + " is no host name and no address");
                    }
                    return text;
                }));
        Optional<Value> tlsValue = section.value("tls");
        Tls tls = tlsValue.flatMap(it -> it.oneOf(words(Tls.values())))
                .map(name -> Tls.valueOf(name.toUpperCase(Locale.ROOT)))
                .orElse(Tls.STARTTLS);
        if (tls == Tls.NONE && host.filter(it -> !Loopback.is(it)).isPresent()) {
            tlsValue.ifPresent(it -> it.reject(
                    "'none' is for loopback only: mail and password would travel in clear text",
                    "accepted: starttls, implicit"));
        }
        int port = section.value("port")
                .flatMap(it -> it.wholeNumber(1, 65535))
                .orElse(tls == Tls.IMPLICIT ? 465 : tls == Tls.STARTTLS ? 587 : 25);
        Optional<String> user = section.value("user").flatMap(Words::withoutControls);
        Optional<SecretSource> password = section.value("password").flatMap(references::secret);
        if (section.has("user") != section.has("password")) {
            section.reject(
                    "'user' and 'password' go together",
                    "for example {host: mail.example, user: keyturn, password: {credential: smtp-password}}");
        }
        var caFile = section.value("ca_file").flatMap(references::path);
        Optional<Login> login = user.flatMap(name -> password.map(secret -> new Login(name, secret)));
        return host.map(it -> new Smtp(it, port, tls, login, caFile));
    }

    private static Digest digest(Section section) {
        return new Digest(
                section.value("after").flatMap(it -> it.wholeNumber(0, 1000)).orElse(Digest.DEFAULT.after()),
                section.value("every")
                        .flatMap(it -> it.duration(Duration.ofMinutes(1), Duration.ofDays(1)))
                        .orElse(Digest.DEFAULT.every()));
    }

    private static Optional<String> mailAddress(Value value) {
        return value.parsed(text -> {
            if (!MAIL_ADDRESS.matcher(text).matches() || text.contains("..")) {
                throw new IllegalArgumentException(
                        Problems.quote(text) + " is no mail address of the form NAME@DOMAIN");
            }
            return text;
        });
    }

    /** All of them where the key is left out. */
    private static Set<Notice.Kind> events(Section section) {
        Set<Notice.Kind> events = EnumSet.noneOf(Notice.Kind.class);
        section.value("events")
                .map(Value::items)
                .orElse(List.of())
                .forEach(item -> item.oneOf(Arrays.stream(Notice.Kind.values())
                                .map(Notice.Kind::label)
                                .toList())
                        .map(name -> Notice.Kind.valueOf(name.toUpperCase(Locale.ROOT)))
                        .filter(kind -> !events.add(kind))
                        .ifPresent(twice -> item.reject("stands here twice")));
        return section.has("events") ? events : EnumSet.allOf(Notice.Kind.class);
    }

    private static Duration timeout(Section section, Duration otherwise) {
        return section.value("timeout")
                .flatMap(it -> it.duration(Duration.ofSeconds(1), LONGEST))
                .orElse(otherwise);
    }

    private static List<String> words(Enum<?>[] values) {
        return Arrays.stream(values)
                .map(it -> it.name().toLowerCase(Locale.ROOT))
                .toList();
    }
}
