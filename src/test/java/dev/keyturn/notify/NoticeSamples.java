package dev.keyturn.notify;

import dev.keyturn.rotation.Notice;
import dev.keyturn.rotation.Notice.Kind;
import dev.keyturn.rotation.RotationId;
import dev.keyturn.rotation.Step;
import dev.keyturn.secret.Secret;
import dev.keyturn.secret.SecretSource;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;

final class NoticeSamples {
    static final Instant NOW = Instant.parse("2026-03-01T03:00:00Z");

    private NoticeSamples() {}

    static Notice failed(String credential, Instant at) {
        return notice(Kind.FAILED, credential, at, credential + ": the host did not answer");
    }

    static Notice notice(Kind kind, String credential, Instant at, String message) {
        return new Notice(
                kind,
                at,
                Optional.of(credential),
                Optional.of("dromo@sftp.example:22"),
                message,
                Optional.of("the old key"),
                "Wait.",
                new Notice.Reference(
                        Optional.of(new RotationId("ee5d0e45-b098-47bc-8217-e93790243dfa")),
                        Optional.of(Step.PUBLISH),
                        Optional.of("no_answer"),
                        Optional.empty(),
                        Optional.empty()));
    }

    static SecretSource source(String text) {
        return new SecretSource() {
            @Override
            public Secret load() {
                return Secret.takeOver(text.getBytes(StandardCharsets.UTF_8));
            }

            @Override
            public String describe() {
                return "a test's secret";
            }
        };
    }
}
