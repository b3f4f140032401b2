package dev.keyturn.dromo;

import dev.keyturn.rotation.DromoException;
import dev.keyturn.rotation.DromoException.Fault;
import dev.keyturn.secret.Masking;
import dev.keyturn.secret.Secret;
import dev.keyturn.secret.SecretSource;
import dev.keyturn.secret.SecretUnavailableException;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The license key. Its source may be a program, so what it yields is kept for ten seconds: a run of hundreds of requests
 * starts it a few times, and a new key is in use soon. A refused key is forgotten at once.
 */
final class LicenseKey implements AutoCloseable {
    private static final Duration KEPT = Duration.ofSeconds(10);

    private final SecretSource source;
    private final LongSupplier nanoTime;
    private @Nullable Secret kept;
    private long since;

    LicenseKey(SecretSource source, LongSupplier nanoTime) {
        this.source = source;
        this.nanoTime = nanoTime;
    }

    /** A copy, fit for a header; the caller closes it. */
    synchronized Secret copy() throws DromoException {
        if (kept != null && nanoTime.getAsLong() - since >= KEPT.toNanos()) {
            forget();
        }
        Secret key = kept;
        if (key == null) {
            key = load();
            kept = key;
            since = nanoTime.getAsLong();
        }
        return key.copy();
    }

    private Secret load() throws DromoException {
        try (Secret loaded = source.load()) {
            byte[] bytes = loaded.expose();
            int end = bytes.length;
            while (end > 0 && (bytes[end - 1] == '\n' || bytes[end - 1] == '\r')) {
                end--;
            }
            if (end == 0) {
                throw unavailable("is empty");
            }
            for (int i = 0; i < end; i++) {
                if (bytes[i] <= ' ' || bytes[i] > '~') {
                    throw unavailable("holds a space, a line break or another character that can't stand in a header");
                }
            }
            return Secret.takeOver(Arrays.copyOf(bytes, end));
        } catch (SecretUnavailableException e) {
            throw new DromoException(Fault.SECRET_UNAVAILABLE, "dromo.license_key: " + e.getMessage(), null, e);
        }
    }

    private DromoException unavailable(String why) {
        return new DromoException(
                Fault.SECRET_UNAVAILABLE, "dromo.license_key: what " + source.describe() + " yields " + why);
    }

    /** The key that was used last, unless it was forgotten since. */
    synchronized void maskIn(Masking masking) {
        if (kept != null) {
            masking.takeOver(kept.copy());
        }
    }

    synchronized void forget() {
        if (kept != null) {
            kept.close();
            kept = null;
        }
    }

    @Override
    public void close() {
        forget();
    }
}
