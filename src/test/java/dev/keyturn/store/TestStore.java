package dev.keyturn.store;

import dev.keyturn.secret.Secret;
import dev.keyturn.secret.SecretSource;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;

/** Stores for tests, with a key that is the same each time. */
final class TestStore {
    static final Instant NOW = Instant.parse("2026-03-01T03:00:00Z");

    private TestStore() {}

    static SqliteJournal open(Path state) throws Exception {
        return SqliteJournal.open(state, key(1), NOW);
    }

    /** A key of 32 equal bytes. */
    static SecretSource key(int filling) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) filling);
        return text("keyturn-key-v1:" + Base64.getEncoder().encodeToString(bytes) + "\n");
    }

    static SecretSource text(String text) {
        return new SecretSource() {
            @Override
            public Secret load() {
                return Secret.takeOver(text.getBytes(StandardCharsets.UTF_8));
            }

            @Override
            public String describe() {
                return "credential 'keyturn-key'";
            }
        };
    }
}
