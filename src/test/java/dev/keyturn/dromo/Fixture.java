package dev.keyturn.dromo;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.keyturn.rotation.Account;
import dev.keyturn.rotation.DromoException;
import dev.keyturn.sandbox.OpensshKeys;
import dev.keyturn.secret.LoginSecret;
import dev.keyturn.secret.PublicKey;
import dev.keyturn.secret.Secret;
import dev.keyturn.secret.SecretSource;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** What the tests of this package share: a time that only sleeping moves, settings, secrets. */
final class Fixture {
    static final String LICENSE_KEY = "dromo-backend-license-key";
    static final Account ACCOUNT = new Account("sftp.example.com", 22, "dromo");
    static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
    final List<Duration> slept = Collections.synchronizedList(new ArrayList<>());

    HttpDromo.Timing timing() {
        return new HttpDromo.Timing(nanos::get, Clock.fixed(NOW, ZoneOffset.UTC), duration -> {
            slept.add(duration);
            nanos.addAndGet(duration.toNanos());
        });
    }

    static DromoSettings settings(String url) {
        return settings(url, Duration.ofSeconds(10), Optional.empty(), Optional.empty());
    }

    static DromoSettings settings(String url, Duration timeout, Optional<Path> caFile, Optional<URI> proxy) {
        return new DromoSettings(URI.create(url), source(LICENSE_KEY), timeout, 1e6, caFile, proxy);
    }

    static CountingSource source(String text) {
        return new CountingSource(text);
    }

    /** A secret source that knows how often it was read. */
    static final class CountingSource implements SecretSource {
        final AtomicInteger reads = new AtomicInteger();
        private volatile String text;

        private CountingSource(String text) {
            this.text = text;
        }

        void change(String other) {
            text = other;
        }

        @Override
        public Secret load() {
            reads.incrementAndGet();
            return Secret.takeOver(text.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public String describe() {
            return "credential 'dromo-license-key'";
        }
    }

    static LoginSecret.Password password(String text) {
        return new LoginSecret.Password(Secret.takeOver(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** Another one at each call. */
    static LoginSecret.KeyPair key() {
        OpensshKeys keys = OpensshKeys.ed25519();
        return new LoginSecret.KeyPair(
                Secret.takeOver(keys.privateKey().getBytes(StandardCharsets.UTF_8)),
                PublicKey.parse(keys.publicLine()));
    }

    static DromoException failure(ThrowingCallable call) {
        return catchThrowableOfType(DromoException.class, call);
    }

    /** The message and those of all causes, as a log would show them. */
    static String everythingSaid(Throwable e) {
        StringWriter out = new StringWriter();
        e.printStackTrace(new PrintWriter(out, true));
        return out.toString();
    }
}
